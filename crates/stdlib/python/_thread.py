"""Locks and thread identity for programs of one thread. Starting a second one is not possible yet, and says so."""

TIMEOUT_MAX = 9223372036.0
error = RuntimeError
_MAIN = 1


class lock:
    """A lock object is a synchronization primitive."""

    __slots__ = ("_held", "__weakref__")

    def __init__(self):
        self._held = False

    def acquire(self, blocking=True, timeout=-1):
        if timeout != -1:
            if not blocking:
                raise ValueError("can't specify a timeout for a non-blocking call")
            if timeout < 0:
                raise ValueError("timeout value must be a non-negative number")
        if not self._held:
            self._held = True
            return True
        if not blocking:
            return False
        if timeout >= 0:
            import time

            time.sleep(timeout)
            return False
        raise RuntimeError("deadlock: the only thread waits for a lock that it holds")

    def release(self):
        if not self._held:
            raise RuntimeError("release unlocked lock")
        self._held = False

    def locked(self):
        return self._held

    acquire_lock = acquire
    release_lock = release
    locked_lock = locked

    def __enter__(self):
        self.acquire()
        return True

    def __exit__(self, *args):
        self.release()

    def _at_fork_reinit(self):
        self._held = False

    def __repr__(self):
        state = "locked" if self._held else "unlocked"
        return f"<{state} _thread.lock object at {id(self):#x}>"


class RLock:
    """A reentrant lock."""

    __slots__ = ("_count", "__weakref__")

    def __init__(self):
        self._count = 0

    def acquire(self, blocking=True, timeout=-1):
        self._count += 1
        return True

    def release(self):
        if not self._count:
            raise RuntimeError("cannot release un-acquired lock")
        self._count -= 1

    def locked(self):
        return self._count > 0

    def __enter__(self):
        self._count += 1
        return True

    def __exit__(self, *args):
        self.release()

    def _is_owned(self):
        return self._count > 0

    def _recursion_count(self):
        return self._count

    def _acquire_restore(self, state):
        self._count = state[0]

    def _release_save(self):
        if not self._count:
            raise RuntimeError("cannot release un-acquired lock")
        state, self._count = (self._count, _MAIN), 0
        return state

    def _at_fork_reinit(self):
        self._count = 0

    def __repr__(self):
        state = "locked" if self._count else "unlocked"
        owner = _MAIN if self._count else 0
        return f"<{state} _thread.RLock object owner={owner} count={self._count} at {id(self):#x}>"


LockType = lock


def allocate_lock():
    """allocate_lock() -> lock object"""
    return lock()


allocate = allocate_lock


class _local:
    """Thread-local data"""

    def __init_subclass__(cls):
        pass

    def __new__(cls, /, *args, **kwargs):
        if (args or kwargs) and cls.__init__ is object.__init__:
            raise TypeError("Initialization arguments are not supported")
        return object.__new__(cls)


class _ThreadHandle:
    """What `threading` holds of a thread."""

    def __init__(self):
        self.ident = None
        self._done = False

    def is_done(self):
        return self._done

    def join(self, timeout=None):
        pass

    def _set_done(self):
        self._done = True


def get_ident():
    """get_ident() -> integer"""
    return _MAIN


def get_native_id():
    """get_native_id() -> integer"""
    import posix

    return posix.getpid()


def _get_main_thread_ident():
    return _MAIN


def _is_main_interpreter():
    return True


def _make_thread_handle(ident):
    handle = _ThreadHandle()
    handle.ident = ident
    return handle


def daemon_threads_allowed():
    return True


def _count():
    return 0


def stack_size(size=0):
    return 0


def _shutdown():
    pass


def interrupt_main(signum=2):
    raise KeyboardInterrupt


def start_new_thread(function, args, kwargs={}):
    raise RuntimeError("threads are not implemented yet")


def start_joinable_thread(function, handle=None, daemon=True):
    raise RuntimeError("threads are not implemented yet")


start_new = start_new_thread


def exit():
    """exit()"""
    raise SystemExit


exit_thread = exit


def set_name(name):
    pass


def _excepthook(args):
    import sys
    import traceback

    if args.exc_type is SystemExit:
        return
    name = args.thread.name if args.thread is not None else get_ident()
    print(f"Exception in thread {name}:", file=sys.stderr)
    traceback.print_exception(args.exc_type, args.exc_value, args.exc_traceback)


class _ExceptHookArgs(tuple):
    """Type used to pass arguments to threading.excepthook."""

    exc_type = property(lambda self: self[0])
    exc_value = property(lambda self: self[1])
    exc_traceback = property(lambda self: self[2])
    thread = property(lambda self: self[3])
