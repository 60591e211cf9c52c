"""Waiting for descriptors, over the system's poll()."""

import _posix

error = OSError

POLLIN, POLLPRI, POLLOUT, POLLERR, POLLHUP, POLLNVAL = 1, 2, 4, 8, 16, 32
POLLRDNORM, POLLRDBAND, POLLWRNORM, POLLWRBAND, POLLMSG, POLLRDHUP = 64, 128, 256, 512, 1024, 8192
PIPE_BUF = 4096


def _number(file):
    """The descriptor of an int or of what has fileno()."""
    if isinstance(file, int):
        number = file
    else:
        try:
            method = file.fileno
        except AttributeError:
            raise TypeError("argument must be an int, or have a fileno() method.") from None
        number = method()
        if not isinstance(number, int):
            raise TypeError("fileno() returned a non-integer")
    if number < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({number})")
    return number


def _milliseconds(timeout, scale):
    """What poll() wants: whole milliseconds, rounded up, -1 for no bound."""
    if timeout is None:
        return -1
    try:
        scaled = timeout * scale
    except TypeError:
        raise TypeError("timeout must be a float or None") from None
    whole = int(scaled)
    return whole + (scaled > whole)


def select(rlist, wlist, xlist, timeout=None, /):
    """Wait until one or more file descriptors are ready for some kind of I/O."""
    if timeout is not None:
        if not isinstance(timeout, (int, float)):
            raise TypeError("timeout must be a float or None")
        if timeout < 0:
            raise ValueError("timeout must be non-negative")
    lists = []
    wanted = {}
    for files, mask in ((rlist, POLLIN), (wlist, POLLOUT), (xlist, POLLPRI)):
        try:
            pairs = [(file, _number(file)) for file in files]
        except TypeError as e:
            if "not iterable" in str(e):
                raise TypeError("arguments 1-3 must be sequences") from None
            raise
        lists.append(pairs)
        for _, number in pairs:
            wanted[number] = wanted.get(number, 0) | mask
    ready = dict(_posix.poll(list(wanted.items()), _milliseconds(timeout, 1000)))
    if any(mask & POLLNVAL for mask in ready.values()):
        raise OSError(9, "Bad file descriptor")
    masks = (POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, POLLPRI)
    return tuple(
        [file for file, number in pairs if ready.get(number, 0) & mask] for pairs, mask in zip(lists, masks)
    )


class poll:
    """Descriptors and the events that are waited for."""

    __slots__ = ("_wanted",)

    def __init__(self):
        self._wanted = {}

    def register(self, fd, eventmask=POLLIN | POLLPRI | POLLOUT, /):
        """Register a file descriptor with the polling object."""
        self._wanted[_number(fd)] = eventmask

    def modify(self, fd, eventmask, /):
        """Modify an already registered file descriptor."""
        number = _number(fd)
        if number not in self._wanted:
            raise FileNotFoundError(2, "No such file or directory")
        self._wanted[number] = eventmask

    def unregister(self, fd, /):
        """Remove a file descriptor being tracked by the polling object."""
        del self._wanted[_number(fd)]

    def poll(self, timeout=None, /):
        """Polls the set of registered file descriptors: a list of (fd, event) pairs; the timeout is in milliseconds."""
        if timeout is not None and not isinstance(timeout, (int, float)):
            raise TypeError("timeout must be an integer or None")
        bound = -1 if timeout is None or timeout < 0 else _milliseconds(timeout, 1)
        return _posix.poll(list(self._wanted.items()), bound)
