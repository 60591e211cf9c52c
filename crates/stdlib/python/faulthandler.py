"""faulthandler module."""

import _faulthandler
from _faulthandler import (
    _read_null, _sigabrt, _sigfpe, _sigsegv, disable, dump_c_stack, dump_traceback, enable, is_enabled, register, unregister
)

# What ends the running dump_traceback_later().
_stop = None


def dump_traceback_later(timeout, repeat=False, file=None, exit=False):
    """Dump the traceback of all threads in timeout seconds."""
    global _stop
    import _thread
    import posix

    if timeout <= 0:
        raise ValueError("timeout must be greater than 0")
    if timeout > _thread.TIMEOUT_MAX:
        raise OverflowError("timeout value is too large")
    fd = _faulthandler.descriptor(file)
    cancel_dump_traceback_later()
    stop = _stop = _thread.allocate_lock()
    stop.acquire()
    whole, part = divmod(timeout, 1)
    hours, seconds = divmod(int(whole), 3600)
    minutes, seconds = divmod(seconds, 60)
    fraction = f".{int(part * 1_000_000):06}" if part else ""
    heading = f"Timeout ({hours}:{minutes:02}:{seconds:02}{fraction})!\n".encode()

    def wait():
        while not stop.acquire(True, timeout):
            posix.write(fd, heading)
            _faulthandler.dump_others(fd)
            if exit:
                posix._exit(1)
            if not repeat:
                break

    _thread.start_joinable_thread(wait, daemon=True)


def cancel_dump_traceback_later():
    """Cancel the previous call to dump_traceback_later()."""
    global _stop
    stop, _stop = _stop, None
    if stop is not None:
        stop.release()
