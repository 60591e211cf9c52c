# The module _pickle: what is written byte by byte, what is read back, and what corrupt pickles do.
import _pickle
import collections
import copyreg
import io
import pickle


def attempt(what, function, *args, **kwargs):
    try:
        print(what, "gives", function(*args, **kwargs))
    except Exception as e:
        notes = getattr(e, "__notes__", [])
        print(what, "raises", type(e).__name__, e, *notes, sep=" | ")


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __eq__(self, other):
        return self.__dict__ == other.__dict__


class Slots:
    __slots__ = ("a", "b")


class State:
    def __init__(self, value):
        self.value = value

    def __getstate__(self):
        return ("state", self.value)

    def __setstate__(self, state):
        self.value = state


class MyList(list):
    pass


class MyDict(dict):
    pass


class Outer:
    class Inner:
        pass


class Keywords:
    def __new__(cls, *, word):
        self = super().__new__(cls)
        self.word = word
        return self

    def __getnewargs_ex__(self):
        return (), {"word": self.word}


atoms = [None, True, False, 0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63, -2**63, 127 << 8,
         -128, -129, -32768, 2**2000, -2**2040, 1.5, -0.0, float("inf"), "", "a", "ab", "\xe9", "\u20ac\n\\", "\U0001f40d", "\ud800",
         b"", b"a", b"\xff" * 300, bytearray(b"xy"), bytearray(), "x" * 300]
for protocol in range(6):
    for atom in atoms:
        data = pickle.dumps(atom, protocol)
        back = pickle.loads(data)
        assert type(back) is type(atom) and repr(back) == repr(atom), (protocol, atom, back)
        print(protocol, repr(atom)[:20], data if len(data) < 80 else (len(data), data[:30], data[-5:]))
        assert data == (lambda f: (pickle._Pickler(f, protocol).dump(atom), f.getvalue())[1])(io.BytesIO()), (protocol, atom)

shared = ["shared"]
circle = []
circle.append(circle)
tuple_circle = ([],)
tuple_circle[0].append(tuple_circle)
values = [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], [1, 2], {}, {"a": 1}, {"a": 1, "b": [2]}, {1}, frozenset([2]), frozenset(),
          [shared, shared], [(1, 2)] * 2, {"k": shared, "l": shared}, collections.OrderedDict(a=1), collections.Counter("abca"),
          collections.deque([1, 2], 3), range(3), slice(1, 2), complex(1, 2), Point(1, [2]), int, len, Outer.Inner, type(None),
          NotImplemented, ..., type(...), MyList([1, 2, 3]), MyDict(a=1, b=2), ValueError("text", 3)]
for protocol in range(6):
    for value in values:
        data = pickle.dumps(value, protocol)
        back = pickle.loads(data)
        print(protocol, type(back).__name__, len(data), data if len(data) < 100 else "", repr(back) == repr(value) or back == value)
    back = pickle.loads(pickle.dumps(circle, protocol))
    print(back[0] is back, pickle.dumps(circle, protocol))
    back = pickle.loads(pickle.dumps(tuple_circle, protocol))
    print(back[0][0] is back, pickle.dumps(tuple_circle, protocol))
    slots = Slots()
    slots.a = 1
    print(hasattr(pickle.loads(pickle.dumps(slots, 2)), "b"), pickle.loads(pickle.dumps(State(7), protocol)).value)
    print(pickle.loads(pickle.dumps(Keywords(word="w"), max(protocol, 2))).word)
    for size in 999, 1000, 1001, 2000, 2001:
        sizes = [len(pickle.dumps(make, protocol)) for make in
                 (list(range(size)), dict.fromkeys(range(size)), set(range(size)), MyList(range(size)), MyDict.fromkeys(range(size)))]
        print(size, sizes)
    big = ["%06d" % i for i in range(30000)]
    data = pickle.dumps([big, "y" * 70000, b"z" * 70000, big], protocol)
    print(len(data), pickle.loads(data)[3] == big, data[:12])
    file = io.BytesIO()
    pickle.dump([big, b"z" * 70000], file, protocol)
    print(file.getvalue() == pickle.dumps([big, b"z" * 70000], protocol))

# Picklers with a file of their own: the memo lasts.
file = io.BytesIO()
pickler = pickle.Pickler(file, 4)
for i in range(3):
    pickler.dump(shared)
print(file.getvalue(), len(pickler.memo.copy()), sorted(n for n, _ in pickler.memo.copy().values()))
pickler.clear_memo()
print(pickler.memo.copy(), pickler.bin, pickler.fast)
file.seek(0)
unpickler = pickle.Unpickler(file)
first, second, third = unpickler.load(), unpickler.load(), unpickler.load()
print(first is second is third, unpickler.memo.copy())
attempt("past the end", unpickler.load)
fast = io.BytesIO()
pickler = pickle.Pickler(fast, 2)
pickler.fast = 1
pickler.dump([shared, shared])
print(fast.getvalue())


# Hooks
class Persistent(pickle.Pickler):
    def persistent_id(self, obj):
        return "id of x" if isinstance(obj, str) and obj == "x" else None


class Loads(pickle.Unpickler):
    def persistent_load(self, pid):
        return ("found", pid)

    def find_class(self, module, name):
        print("find", module, name)
        return super().find_class(module, name)


class Override(pickle.Pickler):
    def reducer_override(self, obj):
        if isinstance(obj, Point):
            return Point, (obj.y, obj.x)
        return NotImplemented


for protocol in range(6):
    for kind in Persistent, Override:
        file = io.BytesIO()
        kind(file, protocol).dump(["x", Point(1, 2), "y", Point])
        print(file.getvalue())
        file.seek(0)
        back = Loads(file).load()
        print(back[0], vars(back[1]), back[2:])

table = copyreg.dispatch_table.copy()
table[Point] = lambda p: (Point, (p.x, "table"))
file = io.BytesIO()
pickler = pickle.Pickler(file)
pickler.dispatch_table = table
pickler.dump(Point(1, 2))
print(pickle.loads(file.getvalue()).y)

copyreg.add_extension("__main__", "Point", 0x1234)
print(pickle.dumps(Point), pickle.loads(pickle.dumps(Point)) is Point)
copyreg.remove_extension("__main__", "Point", 0x1234)

buffers = []
data = pickle.dumps([pickle.PickleBuffer(b"read only"), pickle.PickleBuffer(bytearray(b"writable"))], 5, buffer_callback=buffers.append)
print(data, pickle.loads(data, buffers=[b"1", bytearray(b"2")]), [bytes(b) for b in buffers])
print(pickle.loads(pickle.dumps([pickle.PickleBuffer(b"read only"), pickle.PickleBuffer(bytearray(b"writable"))], 5)))
attempt("no buffers", pickle.loads, data)
attempt("few buffers", pickle.loads, data, buffers=[b"1"])
attempt("old protocol", pickle.dumps, pickle.PickleBuffer(b""), 4)


# What cannot be written
class Bad:
    def __init__(self, reduced):
        self.reduced = reduced

    def __reduce__(self):
        return self.reduced

    def __repr__(self):
        return "<bad>"


attempt("lambda", pickle.dumps, [1, lambda: 0][:1])
for reduced in [1], (1,), (int,), (int, []), (int, (), None, 3), (int, (), None, None, 3), (int, (), 1, None, None, 2), "nowhere", (1, ()), \
        (copyreg.__newobj__, ()), (copyreg.__newobj__, (int,)), (copyreg.__newobj__, (3,)), (copyreg.__newobj_ex__, (Bad, (), 3)), \
        (copyreg.__newobj_ex__, (Bad, 3, {})), (int, (), None, None, iter([3])):
    attempt("reduced", pickle.dumps, [{"key": (Bad(reduced),)}])
attempt("generator", pickle.dumps, {"g": (x for x in [])})
attempt("a set of generators", pickle.dumps, {(x for x in [])})
attempt("protocol", pickle.dumps, 1, 6)


def local():
    class Local:
        pass

    return Local


attempt("local", pickle.dumps, local())
deep = []
for i in range(200000):
    deep = [deep]
try:
    pickle.dumps(deep)
    print("no end")
except RecursionError as e:
    print(type(e).__name__)
finally:
    while deep:
        deep = deep[0]
changed = {}


class Grows:
    def __reduce__(self):
        changed[len(changed)] = 0
        return int, ()


changed.update(a=Grows(), b=2)
attempt("a dict that grows", pickle.dumps, changed)

# What cannot be read
for data in (b"", b"\x80\x09", b"\x80", b"(", b"a", b".", b"0", b"1", b"e", b"h\x05.", b"g9\n.", b"gx\n.", b"j....", b"\xff.", b"z",
             b"I1", b"Ix\n", b"L1x\n.", b"F1", b"Sx\n", b"S'abc\n.", b'S"\n', b"V\\u12\n.", b"p1\n", b"Np-1\n.", b"Npx\n.",
             b"\x8e\xff\xff\xff\xff\xff\xff\xff\xff", b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff", b"\x96\xff\xff\xff\xff\xff\xff\xff\xff",
             b"T\xff\xff\xff\xff", b"X\xff\xff\xff\x7f", b"\x95\xff\xff\xff\xff\xff\xff\xff\xff", b"\x95\x10\0\0\0\0\0\0\0",
             b"\x8b\xff\xff\xff\xff", b"\x8b\xff\xff\xff\x7f", b"R.", b"NR.", b"NNR.", b"\x81", b"NN\x81.", b"N)\x81.", b"\x92", b"NNN\x92.",
             b"cbuiltins\nint\nN}\x92.", b"cbuiltins\nint\n)N\x92.", b"N\x93", b"NN\x93.", b"b.", b"Nb.", b"NNb.", b"NKb.", b"NK\x01b.",
             b"d.", b"(Nd.", b"s", b"Ns", b"NNNs.", b"(u", b"N(u.", b"N(Nu.", b"N(NNu.", b"N(Ne.", b"NNa.", b"N(N\x90.", b"\x8f(]\x90.",
             b"}]Ns.", b"o", b"(o.", b"(No.", b"i", b"(ixyzzy\ny\n.", b"cxyzzy\ny\n.", b"cbuiltins\nxyzzy\n.", b"\x82\x00", b"\x82\x05",
             b"\x84\xff\xff\xff\xff", b"P1\n.", b"NQ.", b"P\xff\n.", b"\x97.", b"\x98.", b"N\x98.", b"t", b"l", b"\x91", b"2", b"\x85",
             b"N\x86.", b"N(\x86.", b"\x94", b"q\0", b"r\0\0\0\0", b"(.", b"N(.", b"I0x10\n.", b"I01\n.", b"I-5\n.", b"L-5L\n.", b"L5\n.",
             b"F1.5e3\n.", b"S'a\\tb'\n.", b"Va\\u20acb\n.", b"U\x01\xff.", b"\x8c\x01\xff.", b"\x80\x04\x8c\x08builtins\x8c\x0aint.no.way\x93.",
             b"(lI1\na.", b"(dI1\nI2\ns.", b"N0N.", b"(1N.", b"NN2\x87.", b"\x8a\x00.", b"\x8a\x02\x00\x80.", b"\x8b\x02\0\0\0\x00\x80."):
    attempt(repr(data), pickle.loads, data)
    attempt("  from a file", pickle.load, io.BytesIO(data))

# Pickles of Python 2
attempt("names", pickle.loads, b"c__builtin__\nxrange\n(I3\ntR.")
attempt("no names", pickle.loads, b"c__builtin__\nxrange\n(I3\ntR.", fix_imports=False)
attempt("Latin-1", pickle.loads, b"U\x02\xe9\xff.", encoding="latin1")
attempt("bytes", pickle.loads, b"U\x02\xe9\xff.", encoding="bytes")
attempt("errors", pickle.loads, b"U\x02\xe9\xff.", errors="replace")
print(pickle.dumps(range(3), 2), pickle.dumps(range(3), 2, fix_imports=False))
print(_pickle.Pickler, _pickle.UnpicklingError.__mro__, type(unpickler.memo).__name__)
