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
UnsupportedOperation = _pyio.UnsupportedOperation
open = builtins.open
text_encoding = _pyio.text_encoding

_IOBase, _RawIOBase, _BufferedIOBase, _TextIOBase = (
    _pyio.IOBase,
    _pyio.RawIOBase,
    _pyio.BufferedIOBase,
    _pyio.TextIOBase,
)
FileIO, BytesIO, StringIO = _pyio.FileIO, _pyio.BytesIO, _pyio.StringIO
BufferedReader, BufferedWriter, BufferedRWPair, BufferedRandom = (
    _pyio.BufferedReader,
    _pyio.BufferedWriter,
    _pyio.BufferedRWPair,
    _pyio.BufferedRandom,
)
TextIOWrapper, IncrementalNewlineDecoder = _pyio.TextIOWrapper, _pyio.IncrementalNewlineDecoder


def open_code(path):
    """Opens the provided file with the intent to import the contents."""
    return open(path, "rb")


for _class in (
    *(UnsupportedOperation, FileIO, BytesIO, StringIO, BufferedReader, BufferedWriter, BufferedRWPair),
    *(BufferedRandom, TextIOWrapper, IncrementalNewlineDecoder),
):
    _class.__module__ = "_io"
UnsupportedOperation.__module__ = "io"
_TextIOBase.register(type(sys.__stdout__))
_BufferedIOBase.register(type(sys.__stdout__.buffer))
_BufferedIOBase.register(type(sys.__stdin__.buffer))
del _class
