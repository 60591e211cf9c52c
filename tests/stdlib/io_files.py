# open, read, write, iterate in a temporary folder.
import io
import os
import tempfile

with tempfile.TemporaryDirectory() as d:
    path = os.path.join(d, "f.txt")
    with open(path, "w") as f:
        print(f.write("line 1\nline 2\nlast"), f.mode, f.closed)
    with open(path) as f:
        print(f.readline(), f.read(3), f.tell(), f.readlines())
    with open(path, "rb") as f:
        print(f.read(), f.seek(0), f.readline())
    print([line for line in open(path)], os.path.exists(path), os.listdir(d), os.stat(path).st_size)
    with open(path, "a+", encoding="utf-8") as f:
        f.write("é")
        f.seek(0)
        print(f.read())
    for bad in (lambda: open(os.path.join(d, "no")), lambda: open(path, "q"), lambda: open(path, "rb").write(b"x"), lambda: open(path, encoding="utf-8", mode="rb")):
        try:
            bad()
        except Exception as e:
            print(type(e).__name__, str(e).replace(d, "D"))
s = io.StringIO("a\nb")
print(s.readline(), s.read(), s.getvalue())
b = io.BytesIO()
b.write(b"abc")
print(b.getvalue(), b.tell())
f.close() if False else None
try:
    f.read()
except ValueError as e:
    print(e)
