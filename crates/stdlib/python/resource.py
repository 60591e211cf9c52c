"""Limits of a process and what it has used."""

import _posix
from posix import _record

error = OSError

RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_CORE, RLIMIT_RSS = range(6)
RLIMIT_NPROC, RLIMIT_NOFILE, RLIMIT_MEMLOCK, RLIMIT_AS = range(6, 10)
RLIMIT_OFILE = RLIMIT_NOFILE
RLIM_INFINITY = -1
RUSAGE_CHILDREN, RUSAGE_SELF, RUSAGE_THREAD = -1, 0, 1

struct_rusage = _record(
    "struct_rusage",
    (
        "ru_utime",
        "ru_stime",
        "ru_maxrss",
        "ru_ixrss",
        "ru_idrss",
        "ru_isrss",
        "ru_minflt",
        "ru_majflt",
        "ru_nswap",
        "ru_inblock",
        "ru_oublock",
        "ru_msgsnd",
        "ru_msgrcv",
        "ru_nsignals",
        "ru_nvcsw",
        "ru_nivcsw",
    ),
    "resource",
)


def getrlimit(resource, /):
    """The soft and the hard limit of a resource."""
    return _posix.getrlimit(resource)


def setrlimit(resource, limits, /):
    """Sets the soft and the hard limit of a resource."""
    try:
        soft, hard = limits
    except ValueError:
        raise ValueError("expected a tuple of 2 integers") from None
    _posix.setrlimit(resource, soft, hard)


def getrusage(who, /):
    """What has been used, by this process, its children or this thread."""
    user, system, *rest = _posix.getrusage(who)
    return struct_rusage((user / 1e6, system / 1e6, *rest))


def getpagesize():
    """The size of a page of memory in bytes."""
    return 4096
