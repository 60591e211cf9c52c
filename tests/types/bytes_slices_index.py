# Indexing gives ints, slicing gives bytes.
b = b"\x00\x10abc\xff"
print(b[0], b[1], b[-1], b[2:5], b[::-1], b[:0], [x for x in b], b[2:3] == b"a", b[2] == 97, bytes([b[2]]))
ba = bytearray(b)
ba[0] = 255
ba[1:2] = b"\x01\x02\x03"
ba[-1:] = []
ba[::2] = bytes(len(ba[::2]))
print(ba, ba[0], ba[1:3], ba[::-1])
for f in (lambda: b[6], lambda: b[-7], lambda: ba[99], lambda: b[None], lambda: b["0"]):
    try:
        f()
    except (IndexError, TypeError) as e:
        print(type(e).__name__, e)
