# Slices of views share memory.
b = bytearray(range(10))
m = memoryview(b)
s = m[2:8]
s[0] = 99
s[-1] = 77
print(b, s.tolist(), s[1:3].tolist(), m[::3].tolist(), m[::-2].tolist())
m[0:3] = b"abc"
m[::5] = bytes([1, 2])
print(b, len(s), s.nbytes, m[3:3].tolist(), m == b, s == b[2:8], m[1:3] == b[1:3])
print(bytes(m[:2]), m.tobytes()[:2], list(m[:2]), [x for x in s][:2], bytearray(s)[:2], b"".join([m[:2], s[:1]]), 99 in m)
try:
    m[0:2] = b"xyz"
except ValueError as e:
    print(e)
m.release()
s.release()
try:
    m[0]
except ValueError as e:
    print(e)
