# frozenset: hashable, equal to sets.
f = frozenset("abc")
print(len(f), "a" in f, f == set("abc"), hash(f) == hash(frozenset("cba")), {f: 1}[frozenset("bca")], f | {"d"} == frozenset("abcd"), type(f & {"a"}).__name__, frozenset(f) is f, frozenset() is frozenset())
print(f <= set("abcd"), f.union("z") == frozenset("abcz"), f - {"a", "b"}, sorted(f ^ {"a"}), f.isdisjoint("xyz"), f.issubset("abcdef"), f.copy() is f, bool(frozenset()), repr(frozenset([1])), frozenset([frozenset([1])]))
for g in (lambda: f.add("x"), lambda: frozenset([[]]), lambda: frozenset(5), lambda: frozenset(1, 2), lambda: f < ["a"], lambda: f | "d"):
    try:
        g()
    except (TypeError, AttributeError) as e:
        print(e)
class F(frozenset): pass
print(F("a") == frozenset("a"), type(F("a") | {"b"}).__name__, repr(F()), F([1]))
x = y = frozenset([1])
x |= {2}
print(sorted(x), y)
