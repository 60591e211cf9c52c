# What a weak reference says while its object dies.
import weakref


class A:
    def __del__(self):
        print("in del:", ref() is self if ref() is not None else None)


a = A()
ref = weakref.ref(a)
del a
print(ref())
kept = []


class R:
    def __del__(self):
        kept.append(self)


r = R()
wr = weakref.ref(r, lambda x: print("callback"))
del r
print("resurrected:", wr() is kept[0] if wr() else None, len(kept))
w2 = weakref.ref(kept[0])
kept.clear()
print(w2())
