"""Trains pickle (native and in Python), struct, base64, hashlib and csv."""

import base64
import csv
import hashlib
import io
import pickle
import struct
import sys
from collections import OrderedDict, namedtuple
from datetime import date

Place = namedtuple("Place", "name north east")
HEADER = struct.Struct("<4sHBxI")


class Ship:
    fleet = "north"

    def __init__(self, name, cargo):
        self.name = name
        self.cargo = cargo
        self.route = []
        self.mate = None

    def __eq__(self, other):
        return self.name == other.name and self.cargo == other.cargo


class Crate:
    __slots__ = ("content", "seal")

    def __init__(self, content, seal=None):
        self.content = content
        self.seal = seal

    def __getstate__(self):
        return self.content, self.seal

    def __setstate__(self, state):
        self.content, self.seal = state


class Index(dict):
    def __reduce_ex__(self, protocol):
        return Index, (), None, None, iter(self.items())


class PortPickler(pickle._Pickler):
    def persistent_id(self, value):
        return ("place", value.name) if isinstance(value, Place) else None


class PortUnpickler(pickle._Unpickler):
    def persistent_load(self, key):
        return Place(key[1], 1.5, 2.5)


def fleet(seed):
    first = Ship(f"ship{seed}", {"tea": seed, "salt": [seed, seed + 1]})
    second = Ship("tender", {})
    first.mate, second.mate = second, first
    first.route = [Place("Hull", 53.7 + seed, -0.3), Place("Kiel", 54.3, 10.1), date(2024, 2, 29)]
    return {
        "ships": [first, second],
        "crates": (Crate(b"\x00\x01" * 4), Crate({1, 2, 3}, seed)),
        "index": Index(a=1, b=(seed, None, True, 1.25, 10**30, -seed)),
        "queue": bytearray(b"123"),
        "order": OrderedDict(x="é", y="long text " * 30),
    }


def pickles(seed):
    value = fleet(seed)
    total = 0
    for protocol in (2, 4, 5):
        data = pickle.dumps(value, protocol)
        back = pickle.loads(data)
        assert back["ships"] == value["ships"] and back["ships"][0].mate.mate is back["ships"][0]
        total += len(data)
    data = pickle._dumps(value, seed % 5 + 1)
    back = pickle._loads(data)
    assert back["crates"][1].seal == seed and back["index"] == value["index"]
    out = io.BytesIO()
    PortPickler(out).dump(value)
    out.seek(0)
    back = PortUnpickler(out).load()
    return total + len(data) + out.tell() + int(back["ships"][0].route[0].north * 2)


def records(seed):
    packed = bytearray()
    for n in range(12):
        body = struct.pack(">hd?3s", n - seed % 99, n / 3, n & 1, b"abc")
        packed += HEADER.pack(b"REC\0", n, len(body), seed * n & 0xFFFFFFFF) + body
    total = at = 0
    while at < len(packed):
        tag, number, size, check = HEADER.unpack_from(packed, at)
        at += HEADER.size
        low, real, odd, text = struct.unpack(">hd?3s", packed[at : at + size])
        at += size
        total += number + check % 13 + low + round(real * 3) + odd + len(tag + text)
    return total + sum(pair[0] ^ pair[1] for pair in struct.iter_unpack("<BB", packed[:40]))


def encodings(seed):
    data = bytes((seed + n * n) & 255 for n in range(60 + seed % 3))
    texts = [base64.b64encode(data), base64.b32encode(data), base64.b16encode(data),
             base64.urlsafe_b64encode(data), base64.b85encode(data)]
    assert base64.b64decode(texts[0]) == base64.b32decode(texts[1]) == data
    assert base64.b85decode(texts[4]) == data == bytes.fromhex(data.hex())
    digest = hashlib.sha256(data)
    digest.update(texts[0])
    return sum(map(len, texts)) + int(digest.hexdigest()[:6], 16) + hashlib.md5(data).digest()[3]


def tables(seed):
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(["id", "name", "note", "price"])
    writer.writerows([n, f"n{n}", 'say "hi", all' * (n % 3), n * seed / 4] for n in range(15))
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    semi = io.StringIO()
    other = csv.DictWriter(semi, ["price", "id"], delimiter=";", extrasaction="ignore")
    other.writeheader()
    other.writerows(rows)
    return len(semi.getvalue()) + int(sum(float(row["price"]) for row in rows)) + len(rows[4]["note"])


def main(scale):
    total = 0
    for seed in range(30 * scale):
        for figure in (pickles(seed), records(seed), encodings(seed), tables(seed)):
            total = (total * 53 + figure) % 1_000_003
    print("serialising", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
