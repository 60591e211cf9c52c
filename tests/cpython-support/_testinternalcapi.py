"""A stand-in for CPython's test extension: see _testcapi in this folder."""

import gc
import sys
from _tracemalloc import _get_block_traceback as _PyTraceMalloc_GetTraceback

from _testcapi import Missing

# How often code runs before CPython specialises it; here it is at once.
SPECIALIZATION_THRESHOLD = SPECIALIZATION_COOLDOWN = 8
TIER2_THRESHOLD = TIER2_RESUME_THRESHOLD = 4096

# What stands before an object that the collector knows, and before one with a dict of its own.
SIZEOF_PYGC_HEAD = 16
SIZEOF_MANAGED_PRE_HEADER = 16


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise Missing(f"_testinternalcapi.{name} tests the inside of CPython")


def get_recursion_depth():
    frame, depth = sys._getframe(1), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth


def get_tracked_heap_size():
    """How many objects the collector knows."""
    return len(gc.get_objects())
