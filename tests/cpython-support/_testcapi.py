"""A stand-in for CPython's test extension: what its functions do, done by this interpreter's own machinery.

scripts/cpython-tests puts this folder on the path of the interpreter under test. A function that is not here has no counterpart
without a C interface: the test that asks for it is skipped, and says so.
"""

import _vivarium_test
import contextlib
import io
import sys
import threading
import tracemalloc
import unittest
from _tracemalloc import _track as tracemalloc_track, _untrack as tracemalloc_untrack

from heap import add_old_finalizer as with_tp_del, hide_from_collector as without_gc
from _vivarium_test import (
    MethClass, MethInstance, MethStatic, MethodDescriptor2, MethodDescriptorBase, MethodDescriptorDerived, MethodDescriptorNopGet
)
from _vivarium_test import remove_failing as remove_mem_hooks, run_isolated, set_failing as set_nomemory
from _vivarium_test import time_as_seconds as PyTime_AsSecondsDouble

CHAR_MAX, CHAR_MIN = 2**7 - 1, -(2**7)
SHRT_MAX, SHRT_MIN = 2**15 - 1, -(2**15)
INT_MAX, INT_MIN = 2**31 - 1, -(2**31)
LONG_MAX = LLONG_MAX = PY_SSIZE_T_MAX = sys.maxsize
LONG_MIN = LLONG_MIN = PY_SSIZE_T_MIN = -sys.maxsize - 1
UCHAR_MAX, USHRT_MAX, UINT_MAX = 2**8 - 1, 2**16 - 1, 2**32 - 1
ULONG_MAX = ULLONG_MAX = SIZE_MAX = 2**64 - 1
FLT_MAX, FLT_MIN = float.fromhex("0x1.fffffep+127"), float.fromhex("0x1p-126")
DBL_MAX, DBL_MIN = sys.float_info.max, sys.float_info.min

_Py_STACK_GROWS_DOWN = True

# Native functions of each calling convention, with this module as self.
_vivarium_test.add_functions(sys.modules[__name__])


class Missing(unittest.SkipTest, AttributeError):
    """Skips a test, and is an ImportError of `from _testcapi import`."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise Missing(f"_testcapi.{name} tests the C interface")


def config_get(name):
    if name == "code_debug_ranges":
        return "no_debug_ranges" not in sys._xoptions
    return __getattr__("config_get")


def exception_print(value, legacy=False):
    """Reports an exception as the interpreter does where nobody catches one."""
    sys.__excepthook__(type(value), value, getattr(value, "__traceback__", None))


def traceback_print(trace, file):
    """The traceback alone, without markers."""
    if trace is not None and type(trace).__name__ != "traceback":
        raise SystemError("bad argument to internal function")
    kept, sys.stderr = sys.stderr, io.StringIO()
    try:
        sys.__excepthook__(Exception, Exception(), trace)
        lines = sys.stderr.getvalue().splitlines(keepends=True)
    finally:
        sys.stderr = kept
    file.write("".join(line for line in lines[:-1] if line.strip(" ^~\n")))


def raise_memoryerror():
    raise MemoryError


@contextlib.contextmanager
def unraisable_arguments():
    """The arguments that sys.unraisablehook is called with."""
    caught = []
    kept, sys.unraisablehook = sys.unraisablehook, caught.append
    try:
        yield caught
    finally:
        sys.unraisablehook = kept


class Finaliser:
    def __del__(self):
        raise ValueError


def unraisable(value, message, subject):
    """Reports an exception that nobody can catch."""
    with unraisable_arguments() as caught:
        Finaliser()
    kind = type(caught[0])
    hook = sys.unraisablehook
    if value.__traceback__ is None:
        try:
            raise value
        except type(value):
            pass
    try:
        hook(kind([type(value), value, value.__traceback__, message, subject]))
    except BaseException as e:
        message = "Exception ignored in sys.unraisablehook"
        sys.__unraisablehook__(kind([type(e), e, e.__traceback__, message, hook]))


def err_writeunraisable(value, subject):
    unraisable(value, None, subject)


def err_formatunraisable(value, form, *values):
    unraisable(value, form and form.replace("%R", "%r") % values, None)


def run_in_subinterp(code):
    """Runs code in another interpreter of this process."""
    return -(run_isolated(code) != 0)


def pyobject_vectorcall(function, arguments, names):
    arguments = arguments or ()
    names = names or ()
    positional = len(arguments) - len(names)
    return function(*arguments[:positional], **dict(zip(names, arguments[positional:])))


class ContainerNoGC:
    """Owns an object without the collector knowing: there is no such type here."""

    def __new__(cls, value):
        raise Missing("every type that owns objects tells the collector of them")


def tracemalloc_track_race():
    """Threads tell of a block again and again, while this one starts and stops the tracing of blocks."""
    ended = threading.Event()
    ready = threading.Barrier(11)

    def track():
        ready.wait()
        while not ended.is_set():
            with contextlib.suppress(RuntimeError):
                tracemalloc_track(123, 10, 1, True)

    threads = [threading.Thread(target=track) for _ in range(10)]
    for thread in threads:
        thread.start()
    ready.wait()
    for _ in range(10):
        tracemalloc.start()
        tracemalloc.stop()
    ended.set()
    for thread in threads:
        thread.join()


def pyobject_fastcalldict(function, arguments, keywords):
    return function(*(arguments or ()), **(keywords or {}))


# The calls that Python code makes are those that native code makes.
def pyvectorcall_call(function, arguments, keywords={}):
    return function(*arguments, **keywords)


pycfunction_call = pyvectorcall_call


def code_offset_to_line(code, offset):
    """The line of the instruction at an offset, None where it has none."""
    for start, end, line in code.co_lines():
        if start <= offset < end:
            return line


def code_newempty(filename, name, line):
    """A code object that does nothing but report where it is."""
    space = {}
    exec(compile(f"def {name}(): raise AssertionError", filename, "exec"), space)
    return space[name].__code__.replace(co_firstlineno=line)


def call_vectorcall(function):
    return function("foo", baz="bar")


def call_vectorcall_method(value):
    return value.f("foo", baz="bar")


_temporary_threads = []


def call_in_temporary_c_thread(callback, wait=True):
    """Calls in a thread that `threading` does not know, as one is that C code has started."""
    import _thread
    thread = _thread.start_joinable_thread(callback, daemon=False)
    if wait:
        thread.join()
    else:
        _temporary_threads.append(thread)


def join_temporary_c_thread():
    while _temporary_threads:
        _temporary_threads.pop().join()
