"""The layers of files: raw, buffered, text, in memory; what each tells of itself and what goes wrong."""

import io
import os
import sys

folder = f"/tmp/vivarium-io-layers-{os.getpid()}"
os.mkdir(folder)
path = os.path.join(folder, "layers.bin")


def attempt(what, *args):
    try:
        print(repr(what(*args)))
    except Exception as error:
        print(type(error).__name__, str(error).replace(folder, "FOLDER"))


def tower(file):
    names = []
    while file is not None:
        names.append(type(file).__name__)
        file = getattr(file, "buffer", None) or getattr(file, "raw", None)
    return names


for mode in ("w", "r", "w+", "r+", "a", "a+", "wb", "rb", "w+b", "ab"):
    with open(path, mode) as file:
        print(mode, tower(file), file.mode, file.readable(), file.writable(), file.seekable(), file.closed)
    print(file.closed)
with open(path, "wb", 0) as file:
    print(tower(file), file.mode, file.closefd)

for stream in (sys.stdin, sys.stdout, sys.stderr):
    print(stream.name, stream.mode, stream.encoding, tower(stream), stream.buffer.raw.closefd, stream.newlines)

# Raw.
with io.FileIO(path, "w+") as raw:
    print(raw.write(b"0123456789"), raw.tell(), raw.seek(2), raw.read(3), raw.seek(-2, 2), raw.readall(), raw.read(), raw.truncate(4))
    buffer = bytearray(8)
    print(raw.seek(0), raw.readinto(buffer), buffer)
    attempt(raw.seek, -1)
    attempt(raw.write, "text")
attempt(raw.read)
attempt(raw.fileno)
for args in ((-1,), ("",), (path, "q"), (path, "rw"), (path, "r", False), (folder,)):
    attempt(io.FileIO, *args)

# Buffered.
with open(path, "w+b", 8) as file:
    print(file.write(b"line one\nline two\nrest"), file.tell(), file.seek(0))
    print(file.readline(), file.peek(1)[:4], file.read1(3), file.read(2), file.tell())
    print(file.write(b"!!"), file.tell(), file.seek(0), file.read())
    print(file.seek(-4, 2), list(file))
    buffer = bytearray(6)
    print(file.seek(3), file.readinto(buffer), buffer, file.readinto1(buffer), file.truncate(5), file.seek(0), file.read())
    attempt(file.read, -2)
    attempt(file.seek, 0, 9)
attempt(file.read)
attempt(file.write, b"")
reader = io.BufferedReader(io.BytesIO(b"abc"))
raw = reader.detach()
print(raw.read(), reader)
attempt(reader.read)
pair = io.BufferedRWPair(io.BytesIO(b"in"), io.BytesIO())
print(pair.read(1), pair.write(b"out"), pair.readable(), pair.writable(), pair.isatty())
pair.close()
print(pair.closed)


class Source(io.RawIOBase):
    def __init__(self, *parts):
        self.parts = list(parts)

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.parts:
            return 0
        part = self.parts.pop(0)
        if part is None:
            return None
        buffer[: len(part)] = part
        return len(part)


print(io.BufferedReader(Source(b"ab", b"c\nd", b"e")).readlines())
slow = io.BufferedReader(Source(b"ab", None, b"cd", None))
print(slow.read(4), slow.read(), slow.read(1))
print(Source(b"xyz", b"123").readall())


class Sink(io.RawIOBase):
    def __init__(self):
        self.taken = []
        self.ready = True

    def writable(self):
        return True

    def write(self, data):
        if not self.ready:
            return None
        self.taken.append(bytes(data))
        return min(len(data), 3)


sink = Sink()
writer = io.BufferedWriter(sink, 4)
writer.write(b"abcdefgh")
writer.flush()
print(sink.taken)
sink.ready = False
writer.write(b"1234")
try:
    writer.write(b"56")
except BlockingIOError as error:
    print(type(error).__name__, error.strerror, error.characters_written)
sink.ready = True
writer.close()
print(b"".join(sink.taken)[-6:], writer.closed, sink.closed)

# Text.
with open(path, "w", newline="\r\n") as file:
    print(file.write("one\ntwo\nthrée\n"), file.tell())
for newline in (None, "", "\n", "\r", "\r\n"):
    with open(path, newline=newline) as file:
        print(repr(newline), file.readlines(), repr(file.newlines))
with open(path) as file:
    print(file.read(2), file.tell(), file.readline(), file.tell() > 0)
    place = file.tell()
    rest = file.read()
    file.seek(place)
    print(file.read() == rest, file.seek(0), file.seek(0, 2), file.seek(0))
    next(file)
    attempt(file.tell)
    attempt(file.seek, 1, 1)
    attempt(file.write, "no")
    attempt(file.reconfigure)
for encoding in ("utf-8", "ascii", "latin-1", "utf-16", "utf-16-le", "utf-8-sig", "no-such"):
    try:
        with open(path, "w", encoding=encoding, errors="replace") as file:
            file.write("a\u00e9\n\u20ac")
            file.write("z")
        with open(path, encoding=encoding) as file:
            first = file.read(2)
            place = file.tell()
            rest = file.read()
            file.seek(place)
            print(encoding, ascii(first), ascii(rest), file.read() == rest, open(path, "rb").read())
    except LookupError as error:
        print(error)
bad = io.TextIOWrapper(io.BytesIO(b"ok\xff\n"), encoding="utf-8")
attempt(bad.read)
print(ascii(io.TextIOWrapper(io.BytesIO(b"ok\xff\n"), encoding="utf-8", errors="surrogateescape").read()))
below = io.BytesIO()
text = io.TextIOWrapper(below, "utf-8", line_buffering=True)
text.write("kept")
print(below.getvalue())
text.write(" back\n")
print(below.getvalue(), text)
text.reconfigure(encoding="latin-1", line_buffering=False, write_through=True)
text.write("\u00e9")
print(below.getvalue(), text.encoding, text.line_buffering, text.write_through)
for args in (("", "rb", -1, "utf-8"), (path, "rt+b"), (path, "rwa"), (path, "z"), (path, "r", 0), (path, "r", -1, None, None, "x")):
    attempt(open, *args)

# Line ends piece by piece.
decoder = io.IncrementalNewlineDecoder(None, translate=True)
print([decoder.decode(part) for part in ("a\r", "\nb\r", "c", "\n")], decoder.newlines, decoder.getstate())
print(io.text_encoding("x"), io.UnsupportedOperation.__mro__)
os.remove(path)
os.rmdir(folder)
