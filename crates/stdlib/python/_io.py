"""The module io's own half: the builtin `open`, and the classes of the library's `_pyio`.

Files that `open` makes are native; what scripts build themselves (`BytesIO`, `StringIO`, `TextIOWrapper` over their own
objects) runs as Python.
"""

import builtins
import sys


def _load():
    # `_pyio` takes a few constants from `io`, which is being imported just now: it gets them from here.
    import _vivarium

    source = _vivarium.library_source("_pyio.py")
    lines = [b"" if line.startswith((b"import io", b"from io import")) else line for line in source.split(b"\n")]
    module = type(sys)("_pyio")
    module.__file__ = "<vivarium>/_pyio.py"
    module.SEEK_SET, module.SEEK_CUR, module.SEEK_END, module.__all__ = 0, 1, 2, []
    module.io, module.Reader, module.Writer = _Io(), None, None
    exec(compile(b"\n".join(lines), module.__file__, "exec"), module.__dict__)
    return module


class _Io:
    """What `_pyio` asks of `io` while it is being made: the registration of its classes, which `io` does itself."""

    class _Base:
        @staticmethod
        def register(cls):
            pass

    IOBase = RawIOBase = BufferedIOBase = TextIOBase = _Base


_pyio = _load()

DEFAULT_BUFFER_SIZE = _pyio.DEFAULT_BUFFER_SIZE
BlockingIOError = builtins.BlockingIOError
open = builtins.open
text_encoding = _pyio.text_encoding

import _io_memory

BytesIO, StringIO = _io_memory.BytesIO, _io_memory.StringIO
IncrementalNewlineDecoder = _io_memory.IncrementalNewlineDecoder
_pyio.UnsupportedOperation = UnsupportedOperation = _io_memory.UnsupportedOperation
_IOBase, _RawIOBase, _BufferedIOBase, _TextIOBase = (
    _pyio.IOBase,
    _pyio.RawIOBase,
    _pyio.BufferedIOBase,
    _pyio.TextIOBase,
)
FileIO = _pyio.FileIO
BufferedReader, BufferedWriter, BufferedRWPair, BufferedRandom = (
    _pyio.BufferedReader,
    _pyio.BufferedWriter,
    _pyio.BufferedRWPair,
    _pyio.BufferedRandom,
)
TextIOWrapper = _pyio.TextIOWrapper


def open_code(path):
    """Opens the provided file with the intent to import the contents."""
    return open(path, "rb")


for _class in (
    *(FileIO, BufferedReader, BufferedWriter, BufferedRWPair, BufferedRandom, TextIOWrapper),
):
    _class.__module__ = "_io"
_TextIOBase.register(StringIO)
_BufferedIOBase.register(BytesIO)
_TextIOBase.register(type(sys.__stdout__))
_BufferedIOBase.register(type(sys.__stdout__.buffer))
_BufferedIOBase.register(type(sys.__stdin__.buffer))
del _class
