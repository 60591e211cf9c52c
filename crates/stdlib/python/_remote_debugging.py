"""Looking into another process: the names that asyncio's tools import. Only
`sys.remote_exec` can reach one."""

import sys

# What sys.remote_exec needs.
PROCESS_VM_READV_SUPPORTED = sys.platform == "linux"


class FrameInfo(tuple):
    """A frame of another process: filename, lineno, funcname."""

    __slots__ = ()
    __match_args__ = ("filename", "lineno", "funcname")

    filename = property(lambda self: self[0])
    lineno = property(lambda self: self[1])
    funcname = property(lambda self: self[2])


class RemoteUnwinder:
    """Reads the stacks of another process, which is not possible here."""

    def __init__(self, pid, *, all_threads=False, only_active_thread=False, debug=False):
        raise NotImplementedError("the stacks of another process cannot be read: there is no remote debugging")
