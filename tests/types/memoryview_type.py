# memoryview over bytes and bytearray.
data = bytearray(b"abcdefgh")
m = memoryview(data)
print(m[0], m[-1], m[2:5].tobytes(), len(m), m.nbytes, m.itemsize, m.format, m.ndim, m.shape, m.strides, m.readonly, m.contiguous, m.c_contiguous, m.f_contiguous, m.suboffsets)
m[0] = 65
m[1:3] = b"BC"
print(data, m.tolist(), m == data, m[:3] == b"ABC", list(m[::2]), bytes(m[::-1]), m.hex(), m.tobytes() == bytes(data))
r = memoryview(b"xyz")
print(r.readonly, hash(r) == hash(b"xyz"), r.obj, 120 in r, r.toreadonly().readonly, r.index(121), r.count(122))
c = m.cast("H")
print(c.itemsize, c.shape, c.format, c[0], c.tolist())
c[0] = 0
print(data[:2])
two = memoryview(bytes(range(6))).cast("B", [2, 3])
print(two.shape, two.tolist(), two[1, 2], two.ndim, two.strides)
for f in (lambda: m[100], lambda: m["a"], lambda: r.__setitem__(0, 1), lambda: m.__setitem__(0, 256), lambda: m.__setitem__(0, b"a"), lambda: m.__setitem__(slice(0, 2), b"abc"), lambda: memoryview("s"), lambda: memoryview(5), lambda: hash(m), lambda: m.cast("Z"), lambda: memoryview(b"abc").cast("H"), lambda: m + b"x", lambda: m.__delitem__(0)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
with memoryview(data) as w:
    print(w[0])
try:
    w[0]
except ValueError as e:
    print(e)
m.release()
c.release()
data.append(1)
print(len(data), m == m, memoryview(b"ab") == memoryview(b"ab"), memoryview(b"ab") == "ab")
f = memoryview(bytearray(8)).cast("d")
f[0] = 1.5
print(f[0], f.tobytes(), f.nbytes)
