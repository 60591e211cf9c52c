"""Further interpreters in this process, each with a heap of its own.

An interpreter is made by the main thread, and runs inside a call of that thread. What is passed between two of them
is pickled: `_serve` of this module answers in the other one.
"""

import _vivarium_interpreters
import atexit
import pickle
import sys
from types import CodeType, FunctionType, SimpleNamespace

WHENCE_UNKNOWN, WHENCE_RUNTIME, WHENCE_LEGACY_CAPI, WHENCE_CAPI, WHENCE_XI, WHENCE_STDLIB = range(6)


class InterpreterError(Exception):
    """A cross-interpreter operation failed"""


class InterpreterNotFoundError(InterpreterError):
    """An interpreter was not found"""


class NotShareableError(TypeError):
    """An object cannot be sent to another interpreter"""


for _class in (InterpreterError, InterpreterNotFoundError, NotShareableError):
    _class.__module__ = "concurrent.interpreters"

_SHAREABLE = (type(None), bool, int, float, str, bytes)

# The interpreters that this one has made: whether each goes with its last user, and how many users it has.
_made = {}


def _number(id):
    if not isinstance(id, int):
        raise TypeError(f"interpreter ID must be an int, got {type(id).__name__}")
    if id < 0:
        raise ValueError(f"interpreter ID must be a non-negative int, got {id!r}")
    return int(id)


def _known(id):
    id = _number(id)
    if id != _vivarium_interpreters.current() and id != 0 and id not in _made:
        raise InterpreterNotFoundError(f"unrecognized interpreter ID {id}")
    return id


def new_config(name="isolated", /, **overrides):
    """Return a description of how an interpreter is made; they are all isolated."""
    if name not in ("isolated", "default", ""):
        raise ValueError(f"unsupported config name '{name}'")
    config = dict(use_main_obmalloc=False, allow_fork=False, allow_exec=False, allow_threads=True,
                  allow_daemon_threads=False, check_multi_interp_extensions=True, gil="own")
    for key in overrides:
        if key not in config:
            raise ValueError(f"got an unexpected config field '{key}'")
    return SimpleNamespace(**config | overrides)


def get_config(id, *, restrict=False):
    """Return a description of how the identified interpreter was made."""
    _known(id)
    return new_config()


def create(config="isolated", *, reqrefs=False):
    """Create a new interpreter and return a unique generated ID."""
    import threading
    if threading.current_thread() is not threading.main_thread():
        raise InterpreterError("interpreters can be made by the main thread only")
    id = _vivarium_interpreters.create()
    _made[id] = [bool(reqrefs), 0]
    _ask(id, "path", sys.path)
    return id


def destroy(id, *, restrict=False):
    """Destroy the identified interpreter."""
    id = _known(id)
    if id == _vivarium_interpreters.current():
        raise InterpreterError("cannot destroy the current interpreter")
    if id == 0:
        raise InterpreterError("cannot destroy the main interpreter")
    if not _vivarium_interpreters.destroy(id):
        raise InterpreterError("interpreter running, or made by another thread")
    del _made[id]


def incref(id, *, implieslink=False, restrict=False):
    id = _known(id)
    if id in _made:
        _made[id][1] += 1
        if implieslink:
            _made[id][0] = True


def decref(id, *, restrict=False):
    id = _known(id)
    if id in _made:
        _made[id][1] -= 1
        if _made[id] == [True, 0]:
            destroy(id)


def get_current():
    """Return the ID of current interpreter."""
    id = _vivarium_interpreters.current()
    return id, WHENCE_STDLIB if id else WHENCE_RUNTIME


def get_main():
    """Return the ID of main interpreter."""
    return 0, WHENCE_RUNTIME


def list_all(*, require_ready=False):
    """Return a list containing the ID of the main interpreter, of this one and of those that it has made."""
    ids = {0, _vivarium_interpreters.current(), *_made}
    return [(id, whence(id)) for id in sorted(ids)]


def whence(id):
    """Return an identifier for where the interpreter was created."""
    return WHENCE_STDLIB if _known(id) else WHENCE_RUNTIME


def is_running(id, *, restrict=False):
    """Return whether or not the identified interpreter is running."""
    id = _known(id)
    return id in (0, _vivarium_interpreters.current()) or id in _vivarium_interpreters.running()


def is_shareable(obj):
    """Return True if the object's data may be shared between interpreters and False otherwise."""
    if type(obj) is tuple:
        return all(map(is_shareable, obj))
    return type(obj) in _SHAREABLE


def capture_exception(exc=None):
    """Return a snapshot of an exception, or of the one being handled."""
    exc = sys.exception() if exc is None else exc
    return None if exc is None else _snapshot(_describe(exc))


def _describe(exc):
    import traceback
    cls = type(exc)
    frames = exc.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename == __file__:
        frames = frames.tb_next
    name = cls.__qualname__ if cls.__module__ in ("builtins", "__main__") else f"{cls.__module__}.{cls.__qualname__}"
    try:
        message = str(exc)
    except Exception:
        message = "<exception str() failed>"
    shown = "".join(traceback.format_exception(cls, exc, frames)).rstrip("\n")
    formatted = f"{name}: {message}" if message else name
    return (cls.__name__, cls.__qualname__, cls.__module__, message, formatted, shown)


def _snapshot(description):
    name, qualname, module, message, formatted, shown = description
    kind = SimpleNamespace(__name__=name, __qualname__=qualname, __module__=module)
    return SimpleNamespace(type=kind, msg=message, formatted=formatted, errdisplay=shown)


def _ask(id, *request):
    """Let another interpreter do something; what it gives, and the description of what it raised."""
    id = _known(id)
    if id in (0, _vivarium_interpreters.current()):
        raise InterpreterError("interpreter already running")
    try:
        request = pickle.dumps(request)
    except Exception as e:
        raise NotShareableError("object could not be pickled") from e
    answer = _vivarium_interpreters.serve(id, request)
    if answer is None:
        raise InterpreterError("interpreter made by another thread")
    try:
        answer = pickle.loads(answer)
    except Exception as e:
        raise NotShareableError("result could not be unpickled") from e
    if type(answer) is str:
        raise NotShareableError(answer)
    return answer


def _shared(ns):
    for name, value in ns.items():
        if not is_shareable(value):
            raise NotShareableError(f"{value!r} does not support cross-interpreter data")
    return ns


def exec(id, code, shared=None, *, restrict=False):
    """Execute the provided code in the identified interpreter; None, or a snapshot of the exception that it raised."""
    if isinstance(code, (FunctionType, CodeType)):
        return run_func(id, code, shared)
    if not isinstance(code, str):
        raise TypeError(f"exec() argument 2 must be a string, a function, or a code object, not {type(code).__name__}")
    raised = _ask(id, "exec", code, _shared(shared or {}))[1]
    return raised and _snapshot(raised)


run_string = exec


def run_func(id, func, shared=None, *, restrict=False):
    """Execute the body of the provided function in the identified interpreter."""
    import marshal
    code = getattr(func, "__code__", func)
    if not isinstance(code, CodeType):
        raise TypeError(f"run_func() argument 2 must be a function, not {type(func).__name__}")
    if code.co_freevars or getattr(func, "__closure__", None):
        raise ValueError("closures not supported")
    if code.co_argcount or code.co_kwonlyargcount or code.co_flags & 0x0c:
        raise ValueError("arguments not supported")
    raised = _ask(id, "code", marshal.dumps(code), _shared(shared or {}))[1]
    return raised and _snapshot(raised)


def call(id, callable, args=None, kwargs=None, *, restrict=False):
    """Call the provided object in the identified interpreter: what it gives, and a snapshot of what it raised."""
    result, raised = _ask(id, "call", callable, args or (), kwargs or {})
    return result, raised and _snapshot(raised)


def set___main___attrs(id, ns, *, restrict=False):
    """Bind the given attributes in the interpreter's __main__ module."""
    _ask(id, "exec", "", _shared(ns))


def _serve(request):
    """Answer another interpreter."""
    import __main__
    result = None
    try:
        operation, what, *rest = pickle.loads(request)
    except Exception as e:
        return pickle.dumps(f"object could not be unpickled: {e!r}")
    try:
        if operation == "path":
            sys.path[:] = what
        elif operation == "call":
            result = what(*rest[0], **rest[1])
        else:
            vars(__main__).update(rest[0])
            if operation == "code":
                import marshal
                code = marshal.loads(what)
            else:
                code = compile(what, "<script>", "exec", dont_inherit=True)
            _exec(code, vars(__main__))
        answer = pickle.dumps((result, None))
    except BaseException as e:
        answer = pickle.dumps((None, _describe(e)))
    return answer


@atexit.register
def _destroy_all():
    for id in list(_made):
        try:
            destroy(id)
        except InterpreterError:
            pass


import builtins
_exec = builtins.exec
del builtins
