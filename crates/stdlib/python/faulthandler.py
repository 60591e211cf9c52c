"""Tracebacks of threads, written to a descriptor.

Fatal signals are not caught: the interpreter is written in a language whose faults end the process with their own report.
"""

import sys as _sys


def _asked_by_environment():
    import posix

    return bool(posix.environ.get(b"PYTHONFAULTHANDLER"))


_enabled = (
    "faulthandler" in _sys._xoptions
    or _sys.flags.dev_mode
    or not _sys.flags.ignore_environment and _asked_by_environment()
)


def _descriptor(file):
    if file is None:
        file = _sys.stderr
        if file is None:
            raise RuntimeError("unable to get sys.stderr")
    if isinstance(file, int):
        if file < 0:
            raise ValueError("file is not a valid file descripter")
        return file
    number = file.fileno()
    if not isinstance(number, int) or number < 0:
        raise RuntimeError("file.fileno() is not a valid file descriptor")
    try:
        file.flush()
    except Exception:
        pass
    return number


def _write(fd, text):
    import posix

    data = text.encode("ascii", "backslashreplace")
    while data:
        data = data[posix.write(fd, data) :]


def _frames(frame):
    lines = []
    while frame is not None:
        if len(lines) == 100:
            lines.append("  ...\n")
            break
        code = frame.f_code
        lines.append(f'  File "{code.co_filename}", line {frame.f_lineno} in {code.co_name}\n')
        frame = frame.f_back
    return "".join(lines)


def dump_traceback(file=None, all_threads=True):
    """Dump the traceback of the current thread into file."""
    fd = _descriptor(file)
    frame = _sys._getframe(1)
    if not all_threads:
        _write(fd, "Stack (most recent call first):\n" + _frames(frame))
        return
    import _thread

    current = _thread.get_ident()
    parts = []
    for ident, other in _sys._current_frames().items():
        if ident == current:
            parts.append((f"Current thread 0x{ident:016x} (most recent call first):\n", frame))
        else:
            parts.insert(0, (f"Thread 0x{ident:016x} (most recent call first):\n", other))
    _write(fd, "\n".join(head + _frames(top) for head, top in parts))


def enable(file=None, all_threads=True, c_stack=True):
    """Enable the fault handler: is_enabled() says so, signals stay as they are."""
    global _enabled
    _descriptor(file)
    _enabled = True


def disable():
    """Disable the fault handler."""
    global _enabled
    was, _enabled = _enabled, False
    return was


def is_enabled():
    """Check if the handler is enabled."""
    return _enabled


_timer = None


def dump_traceback_later(timeout, repeat=False, file=None, exit=False):
    """Dump the traceback of all threads in timeout seconds."""
    global _timer
    import threading

    if timeout <= 0:
        raise ValueError("timeout must be greater than 0")
    fd = _descriptor(file)
    cancel_dump_traceback_later()
    done = threading.Event()

    def wait():
        minutes, seconds = divmod(int(timeout), 60)
        shown = f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        while not done.wait(timeout):
            _write(fd, f"Timeout ({shown})!\n")
            dump_traceback(fd)
            if exit:
                import posix

                posix._exit(1)
            if not repeat:
                break

    _timer = done
    threading.Thread(target=wait, daemon=True).start()


def cancel_dump_traceback_later():
    """Cancel the previous call to dump_traceback_later()."""
    global _timer
    if _timer is not None:
        _timer.set()
        _timer = None


def _no_signals(name):
    def missing(*args, **kwargs):
        raise NotImplementedError(f"faulthandler.{name}: handlers of fatal signals are not available")

    missing.__name__ = missing.__qualname__ = name
    return missing


register, unregister = _no_signals("register"), _no_signals("unregister")
