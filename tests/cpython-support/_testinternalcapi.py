"""A stand-in for CPython's test extension: see _testcapi in this folder."""

import gc
import dis
import os
import sys
from _tracemalloc import _get_block_traceback as _PyTraceMalloc_GetTraceback

from _testcapi import Missing
from _vivarium_test import has_inline_values, stack_pointer as get_stack_pointer, versions_used
from _vivarium_test import inline_values as get_object_dict_values
from _vivarium_test import (
    time_as_microseconds as _PyTime_AsMicroseconds, time_as_milliseconds as _PyTime_AsMilliseconds,
    time_as_timespec as _PyTime_AsTimespec, time_as_timeval as _PyTime_AsTimeval, time_from_int_seconds as _PyTime_FromSeconds,
    time_from_seconds as _PyTime_FromSecondsObject, to_time as _PyTime_ObjectToTime_t,
    to_timespec as _PyTime_ObjectToTimespec, to_timeval as _PyTime_ObjectToTimeval
)

# How often code runs before CPython specialises it; here it is at once.
SPECIALIZATION_THRESHOLD = SPECIALIZATION_COOLDOWN = 8
TIER2_THRESHOLD = TIER2_RESUME_THRESHOLD = 4096

# What stands before an object that the collector knows, and before one with a dict of its own.
SIZEOF_PYGC_HEAD = 16
SIZEOF_MANAGED_PRE_HEADER = 16


# The system's seconds have 64 bits: every time of ours fits into them, and nothing has to be cut off.
SIZEOF_TIME_T = 8
_PyTime_AsTimespec_clamp, _PyTime_AsTimeval_clamp = _PyTime_AsTimespec, _PyTime_AsTimeval


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise Missing(f"_testinternalcapi.{name} tests the inside of CPython")


def get_recursion_depth():
    frame, depth = sys._getframe(1), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth


def get_next_dict_keys_version():
    """The next version of a dict's keys; there are 2**32 of them, CPython has 2**16."""
    return versions_used() + 1 >> 16


def pymem_getallocatorsname():
    """The allocator's name, as the environment would ask for it."""
    return os.environ.get("VIVMALLOC") or "pymalloc"


def get_tracked_heap_size():
    """How many objects the collector knows."""
    return len(gc.get_objects())


def get_co_localskinds(code):
    """What each local variable is: an argument of some form, plain, a cell or one of an outer function."""
    positional, either, keyword = 0x02, 0x06, 0x04
    hidden, local, cell, free = 0x10, 0x20, 0x40, 0x80
    arguments = [positional] * code.co_posonlyargcount
    arguments += [either] * (code.co_argcount - code.co_posonlyargcount)
    arguments += [keyword] * code.co_kwonlyargcount
    arguments += [0x08 | positional] * bool(code.co_flags & 0x04)
    arguments += [0x08 | keyword] * bool(code.co_flags & 0x08)
    arguments += [0] * (len(code.co_varnames) - len(arguments))
    kinds = {name: local | kind for name, kind in zip(code.co_varnames, arguments)}
    for name in code.co_cellvars:
        kinds[name] = kinds.get(name, 0) | cell
    return kinds | dict.fromkeys(code.co_freevars, free)


def code_returns_only_none(code):
    """Whether each return of the code gives back None."""
    before = None
    for instruction in dis.get_instructions(code):
        if instruction.opname == "RETURN_VALUE":
            if before.opname != "LOAD_CONST" or before.argval is not None:
                return False
        before = instruction
    return True


def hamt():
    """The map that contexts keep their values in."""
    import _vivarium
    return _vivarium.persistent_map()
