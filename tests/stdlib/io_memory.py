"""BytesIO and StringIO: contents, views, states, owners."""

import io
import sys
import weakref


def attempt(what, *args):
    try:
        print(repr(what(*args)))
    except Exception as error:
        print(type(error).__name__, error)


file = io.BytesIO(b"one\ntwo\nthree")
print(list(file), file.tell(), file.seek(4), file.readline(), file.read(2), file.read1(), file.readlines())
print(file.seek(2), file.write(b"XY"), file.getvalue(), file.truncate(6), file.getvalue(), file.seek(8), file.write(b"z"), file.getvalue())
view = file.getbuffer()
view[0] = 33
print(file.getvalue(), view.nbytes)
attempt(file.write, b"more than there is room for")
attempt(file.close)
view.release()
file.note = "kept"
print(file.__getstate__(), file.closed)
other = io.BytesIO.__new__(io.BytesIO)
other.__setstate__(file.__getstate__())
print(other.getvalue(), other.tell(), other.note)
for args in ((file.write, "text"), (file.seek, -1), (file.seek, 0, 5), (file.truncate, -1), (file.readinto, b"fixed"), (file.read, "x")):
    attempt(*args)
file.close()
attempt(file.read)

content = b"shared content"
before = sys.getrefcount(content)
file = io.BytesIO(content)
print(sys.getrefcount(content) - before, file.getvalue() is content, file.read() is content)
file.write(b"!")
print(sys.getrefcount(content) - before, file.getvalue())

text = io.StringIO("one\r\ntwo\rthree\n", newline=None)
print(text.readlines(), text.newlines, repr(text.getvalue()))
for newline in ("", "\n", "\r", "\r\n"):
    text = io.StringIO("a\r\nb\rc\n", newline=newline)
    text.seek(0, 2)
    text.write("d\n")
    print(repr(newline), repr(text.getvalue()), text.seek(0), text.readlines())
text = io.StringIO()
print(text.write("na\u00efve "), text.write("\u20ac\U0001f40d"), text.tell(), text.seek(2), text.read(3), text.truncate(7), ascii(text.getvalue()))
print(text.seek(10), text.write("x"), ascii(text.getvalue()), text.__getstate__()[1:])
print("end", "of", "line", sep="-", file=text)
print(ascii(text.getvalue()))
for args in ((text.write, b"bytes"), (text.seek, 1, 1), (text.seek, -1), (io.StringIO, 3), (io.StringIO, "", "q")):
    attempt(*args)
with text:
    pass
attempt(text.getvalue)


class Counted(io.StringIO):
    closes = 0

    def close(self):
        Counted.closes += 1
        super().close()


counted = Counted("x")
gone = weakref.ref(counted)
del counted
print(Counted.closes, gone())


class Failing(io.BytesIO):
    def close(self):
        super().close()
        raise OSError("told to nobody")


reports = []
sys.unraisablehook = lambda report: reports.append((report.err_msg.split(" <")[0], str(report.exc_value)))
failing = Failing()
del failing
print(reports)
