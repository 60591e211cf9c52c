"""Trains bytes, bytearray, memoryview and streams: a bit-stream format and its reader."""

import io
import sys
import zlib
from array import array


class BitWriter:
    def __init__(self):
        self.data = bytearray()
        self.pending = 0
        self.count = 0

    def put(self, value, width):
        self.pending = self.pending << width | value
        self.count += width
        while self.count >= 8:
            self.count -= 8
            self.data.append(self.pending >> self.count & 0xFF)
        self.pending &= (1 << self.count) - 1

    def finish(self):
        if self.count:
            self.put(0, 8 - self.count)
        return bytes(self.data)


class BitReader:
    def __init__(self, data):
        self.data = data
        self.at = 0
        self.held = 0
        self.count = 0

    def take(self, width):
        while self.count < width:
            self.held = self.held << 8 | self.data[self.at]
            self.at += 1
            self.count += 8
        self.count -= width
        value = self.held >> self.count
        self.held &= (1 << self.count) - 1
        return value


def code_lengths(text):
    """Lengths of a prefix code: join the two rarest groups until one is left."""
    groups = sorted((text.count(symbol), [symbol]) for symbol in set(text))
    lengths = dict.fromkeys(set(text), 0)
    while len(groups) > 1:
        (a, left), (b, right) = groups[:2]
        for symbol in left + right:
            lengths[symbol] += 1
        groups[:2] = []
        groups.append((a + b, sorted(left + right)))
        groups.sort()
    return lengths


def codes(lengths):
    code = previous = 0
    table = {}
    for length, symbol in sorted((length, symbol) for symbol, length in lengths.items()):
        code <<= length - previous
        table[symbol] = code, length
        code += 1
        previous = length
    return table


def pack(text):
    lengths = code_lengths(text)
    writer = BitWriter()
    writer.put(len(text), 16)
    writer.put(len(lengths), 8)
    for symbol in sorted(lengths):
        writer.put(symbol, 8)
        writer.put(lengths[symbol], 4)
    table = codes(lengths)
    for symbol in text:
        writer.put(*table[symbol])
    return writer.finish()


def unpack(data):
    reader = BitReader(data)
    size = reader.take(16)
    lengths = {}
    for _ in range(reader.take(8)):
        symbol = reader.take(8)
        lengths[symbol] = reader.take(4)
    symbols = {code: symbol for symbol, code in codes(lengths).items()}
    result = bytearray()
    while len(result) < size:
        code = length = 0
        while (code, length) not in symbols:
            code = code << 1 | reader.take(1)
            length += 1
        result.append(symbols[code, length])
    return bytes(result)


def chunks(seed):
    out = io.BytesIO()
    out.write(b"BOX1")
    for number, body in enumerate((b"head" * 3, bytes(range(seed % 50 + 20)), b"", b"tail\n")):
        out.write(number.to_bytes(2, "little") + len(body).to_bytes(4, "big"))
        out.write(body)
        out.write(zlib.crc32(body).to_bytes(4, "big"))
    return out.getvalue()


def read_chunks(data):
    stream = io.BufferedReader(io.BytesIO(data), 16)
    if stream.read(4) != b"BOX1":
        raise ValueError("no box")
    total = 0
    while head := stream.read(6):
        number = int.from_bytes(head[:2], "little")
        body = stream.read(int.from_bytes(head[2:], "big"))
        if int.from_bytes(stream.read(4), "big") != zlib.crc32(body):
            raise ValueError("bad check")
        total += number * sum(body) + body.count(b"a") + body.find(b"l")
    return total


def views(data):
    buffer = bytearray(data)
    view = memoryview(buffer)
    view[4:8] = view[:4]
    total = sum(view[::5]) + view[2:10:3].tolist()[1]
    shorts = view[: len(view) // 4 * 4].cast("H")
    total += shorts[3] % 251 + len(shorts) + shorts.nbytes
    with view.toreadonly() as fixed:
        total += fixed[-1] + (fixed == buffer)
    samples = array("h", (n * n % 999 - 400 for n in range(60)))
    samples.byteswap()
    samples.extend(array("h", samples[:7]))
    back = array("h")
    back.frombytes(samples.tobytes())
    shorts.release()
    view.release()
    buffer += b"end"
    del buffer[::7]
    buffer[2:4] = b"xyz"
    return total + back[20] % 97 + (back == samples) + len(buffer.split(b"\0")) + buffer[-2]


def texts(data):
    hexed = data.hex(" ", 4)
    assert bytes.fromhex(hexed) == data
    upper = data.replace(b"t", b"T").translate(None, b"\0\1\2").partition(b"T")
    lines = io.StringIO("\n".join(f"{n}:{byte:02x}" for n, byte in enumerate(data[:30])))
    pairs = [line.rstrip().split(":") for line in lines]
    text = io.TextIOWrapper(io.BytesIO("añb\r\nc€\n".encode() * 5), encoding="utf-8")
    return sum(int(n) * int(byte, 16) for n, byte in pairs) + len(upper[2]) + len(text.read())


def main(scale):
    total = 0
    for seed in range(150 * scale):
        text = b"the number %d then %x and that again " % (seed, seed * 7919)
        packed = pack(text)
        assert unpack(packed) == text
        box = chunks(seed)
        deflated = zlib.compress(text * 4)
        assert zlib.decompress(deflated) == text * 4
        figures = (len(packed), zlib.adler32(packed) % 1009, read_chunks(box), views(box),
                   texts(text + box), int.from_bytes(packed[3:9], "big", signed=True))
        for figure in figures:
            total = (total * 83 + figure) % 1_000_003
    print("binary streams", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
