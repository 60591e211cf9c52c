# bytearray: mutation in place.
a = bytearray(b"hello")
a[0] = 72
a[1:3] = b"EYY"
print(a, len(a))
a.append(33)
a.extend(b"ab")
a.extend([99, 100])
a.insert(0, 62)
print(a, a.pop(), a.pop(0), a)
a.remove(33)
a.reverse()
print(a)
del a[0]
del a[::2]
print(a)
a += b"xyz"
a *= 2
print(a, a.find(b"x"), a.upper(), type(a.upper()).__name__, a[1:3], type(a[1:3]).__name__, a[0], 120 in a)
a.clear()
print(a, bytearray(3), bytearray("é", "utf-8"), bytearray([1, 2]), bytearray(b"x") == b"x", b"x" == bytearray(b"x"), bytearray(b"a") < b"b", bytearray.fromhex("ff00"), bytearray(b"a") + b"b", b"a" + bytearray(b"b"))
b = bytearray(b"abc")
c = b.copy()
c[0] = 0
print(b, c, b.decode(), bytes(b), b"%s" % b, bytearray(b"%d") % 5)
b[:] = b"new contents"
b[4:4] = b"<>"
b[::3] = b"-" * len(b[::3])
print(b)
b.resize(4)
print(b)
for f in (lambda: b.append(256), lambda: b.append("a"), lambda: b.extend("ab"), lambda: b.extend([300]), lambda: b.pop(99), lambda: bytearray().pop(), lambda: b.remove(1), lambda: b.__setitem__(0, 256), lambda: b.__setitem__(99, 1), lambda: b.__setitem__(slice(0, 4, 2), b"abc"), lambda: b.insert(0, -1), lambda: hash(b), lambda: b.__setitem__(0, "a"), lambda: b.__setitem__(slice(0, 1), "a"), lambda: bytearray("a")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
m = memoryview(b)
try:
    b.append(1)
except BufferError as e:
    print(e)
m.release()
b.append(1)
print(b)
