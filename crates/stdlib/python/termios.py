"""This module provides an interface to the Posix calls for tty I/O control.
For a complete description of these calls, see the Posix or Unix manual
pages. It is only available for those Unix versions that support Posix
termios style tty I/O control.

All functions in this module take a file descriptor fd as their first
argument. This can be an integer file descriptor, such as returned by
sys.stdin.fileno(), or a file object, such as sys.stdin itself."""

import _termios

for _name in dir(_termios):
    if _name.isupper() or _name.startswith("TIOCM_"):
        globals()[_name] = getattr(_termios, _name)
del _name


class error(Exception):
    __module__ = "termios"


def _fd(file):
    if not isinstance(file, int):
        try:
            file = file.fileno()
        except AttributeError:
            raise TypeError("argument must be an int, or have a fileno() method.") from None
    if file < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({file})")
    return file


def _call(function, *args):
    try:
        return function(*args)
    except OSError as e:
        raise error(e.errno, e.strerror) from None


def tcgetattr(fd, /):
    """Get the tty attributes for file descriptor fd."""
    *numbers, characters = _call(_termios.get, _fd(fd))
    shown = [bytes([c]) for c in characters]
    if not numbers[3] & ICANON:
        shown[VMIN], shown[VTIME] = characters[VMIN], characters[VTIME]
    return [*numbers, shown]


def tcsetattr(fd, when, attributes, /):
    """Set the tty attributes for file descriptor fd."""
    fd = _fd(fd)
    if not isinstance(attributes, list) or len(attributes) != 7:
        raise TypeError("tcsetattr, arg 3: must be 7 element list")
    shown = attributes[6]
    if not isinstance(shown, list) or len(shown) != NCCS:
        raise TypeError(f"tcsetattr: attributes[6] must be {NCCS} element list")
    characters = bytearray()
    for c in shown:
        if isinstance(c, bytes) and len(c) == 1:
            characters += c
        elif isinstance(c, int):
            characters.append(c & 0xFF)
        else:
            raise TypeError("tcsetattr: elements of attributes must be bytes objects of length 1 or integers")
    _call(_termios.set, fd, when, *attributes[:6], bytes(characters))


def tcsendbreak(fd, duration, /):
    """Send a break on file descriptor fd."""
    _call(_termios.sendbreak, _fd(fd), duration)


def tcdrain(fd, /):
    """Wait until all output written to file descriptor fd has been transmitted."""
    _call(_termios.drain, _fd(fd))


def tcflush(fd, queue, /):
    """Discard queued data on file descriptor fd."""
    _call(_termios.flush, _fd(fd), queue)


def tcflow(fd, action, /):
    """Suspend or resume input or output on file descriptor fd."""
    _call(_termios.flow, _fd(fd), action)


def tcgetwinsize(fd, /):
    """Get the tty winsize for file descriptor fd."""
    return _call(_termios.getwinsize, _fd(fd))


def tcsetwinsize(fd, winsize, /):
    """Set the tty winsize for file descriptor fd."""
    try:
        rows, columns = winsize
    except (TypeError, ValueError):
        raise TypeError("tcsetwinsize, arg 2: must be a two-item sequence") from None
    _call(_termios.setwinsize, _fd(fd), rows, columns)
