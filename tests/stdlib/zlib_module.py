"""Streams of zlib in pieces, with limits, dictionaries and copies; gzip and zip files above them."""
import gzip, io, zipfile, zlib

data = bytes(i * i % 251 for i in range(3000)) + b"hello world " * 500


def t(f, *a, **k):
    try:
        print(f.__name__, "->", repr(f(*a, **k))[:60])
    except Exception as e:
        print(f.__name__, "!!", type(e).__module__, type(e).__name__, e)


for wbits in 9, 12, 15, -9, -15, 25, 31:
    c = zlib.compressobj(wbits=wbits)
    packed = c.compress(data[:100]) + c.flush(zlib.Z_SYNC_FLUSH) + c.compress(data[100:]) + c.flush()
    print(wbits, zlib.decompress(packed, wbits) == data, len(packed) < len(data))
for strategy in range(5):
    c = zlib.compressobj(6, 8, 15, 8, strategy)
    print(zlib.decompress(c.compress(data) + c.flush()) == data)
packed = zlib.compress(data)
t(zlib.decompress, b""), t(zlib.decompress, b"abc"), t(zlib.decompress, packed[:-1]), t(zlib.decompress, packed[:-4] + b"0000")
t(zlib.decompress, packed, 31), t(zlib.decompress, packed, 99), t(zlib.compress, data, 10), t(zlib.compressobj, 10), t(zlib.decompressobj, 7)
d = zlib.decompressobj()
out = d.decompress(packed + b"tail", 1000)
print(len(out), d.eof, d.unused_data)
out += d.decompress(d.unconsumed_tail, 2000)
other = d.copy()
print(out + d.flush() == data, d.eof, d.unused_data, d.unconsumed_tail)
print(out + other.decompress(other.unconsumed_tail) == data, other.unused_data)
t(d.decompress, b"x"), t(d.copy), t(d.flush, 0)
c = zlib.compressobj()
start = c.compress(data[:5000])
other = c.copy()
print(start + c.compress(data[5000:]) + c.flush() == start + other.compress(data[5000:]) + other.flush())
t(c.compress, b"x"), t(c.flush), t(c.flush, 99)
c = zlib.compressobj(zdict=b"hello world")
packed = c.compress(data) + c.flush()
t(zlib.decompress, packed)
print(zlib.decompressobj(zdict=b"hello world").decompress(packed) == data)
t(zlib.decompressobj(zdict=b"other").decompress, packed)
d = zlib._ZlibDecompressor()
packed = zlib.compress(data) + b"tail"
out = d.decompress(packed, 10)
print(out == data[:10], d.needs_input, d.eof, out + d.decompress(b"") == data, d.needs_input, d.eof, d.unused_data)
t(d.decompress, b"")
print(zlib.crc32(b"abc"), zlib.crc32(b"abc", 7), zlib.adler32(b"abc"), zlib.adler32(b"abc", -1))
print(gzip.decompress(gzip.compress(data)) == data)
target = io.BytesIO()
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("a/b.txt", data)
    z.writestr("c", b"x")
with zipfile.ZipFile(io.BytesIO(target.getvalue())) as z:
    print(z.namelist(), z.read("a/b.txt") == data, z.testzip())
