# The attributes of builtin exceptions.
def get(f):
    try:
        f()
    except BaseException as e:
        return e


e = get(lambda: undefined_name)
print(e.name, e.args)
e = get(lambda: (5).nope)
print(e.name, e.obj, e.args)
e = get(lambda: {}["k"])
print(e.args, str(e), repr(e))
e = get(lambda: "é".encode("ascii"))
print(e.encoding, e.start, e.end, e.reason, e.object)
e = get(lambda: int("x"))
print(e.args)
e = get(lambda: open("/no/such/file"))
print(type(e).__name__, e.errno, e.strerror, e.filename, e.filename2, e.args, str(e))
e = get(lambda: __import__("nope.deep"))
print(type(e).__name__, e.name, e.path, e.msg, e)
e = get(lambda: compile("a b", "file.py", "exec"))
print(e.msg, e.filename, e.lineno, e.offset, e.text, e.end_lineno, e.end_offset, e.print_file_and_line)
print(OSError(2, "text", "file").filename, repr(OSError(2, "text")), type(OSError(2, "x")).__name__, type(OSError(13, "x")).__name__, str(OSError("one")), OSError(1, 2, 3, None, 5).filename2, OSError().errno)
print(StopIteration(5).value, StopIteration().value, StopIteration(1, 2).value, StopAsyncIteration(3).args, KeyError("a", "b"), KeyError(), str(KeyError("it's")))
print(ImportError("m", name="n", path="p").name, NameError("m", name="q").name, AttributeError("m", name="a", obj=1).obj, ImportError("x").name)
for bad in (lambda: ImportError("m", foo=1), lambda: ValueError(x=1), lambda: UnicodeEncodeError("a"), lambda: NameError(y=1), lambda: ExceptionGroup("a"), lambda: ExceptionGroup("a", []), lambda: ExceptionGroup("a", [1]), lambda: ExceptionGroup(1, [ValueError()]), lambda: BaseExceptionGroup("a", 5), lambda: ExceptionGroup("a", [KeyboardInterrupt()])):
    print(repr(get(bad)))
print(repr(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad")), UnicodeTranslateError("é", 0, 1, "why"), UnicodeEncodeError("c", "ab", 0, 2, "r"))
print(repr(SyntaxError("msg", ("f", 1, 2, "text"))), SyntaxError("m", ("f.py", 3, 1, "t")), SyntaxError().msg, SyntaxError("only").lineno)
