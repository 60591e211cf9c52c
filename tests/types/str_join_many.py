# join over iterables of many kinds and sizes.
print("-".join("abc"), "".join(str(i) for i in range(20)), ", ".join(["one"]), "x".join(["", "", ""]), "é".join(["日", "a"]))
print(len("ab".join(["xyz"] * 1000)), "|".join(map(repr, [1, "a", None])), " ".join(sorted({"b", "a"})), "".join(reversed("live")), ",".join({"k": 1, "j": 2}))
class S(str): pass
print(type("".join([S("a")])).__name__, "".join((S("a"), "b")), S(",").join("ab"))
def g():
    yield "a"
    raise ValueError("from the generator")
try:
    "".join(g())
except ValueError as e:
    print(e)
for bad in (["a", 1], [b"a"], [None], 5):
    try:
        ",".join(bad)
    except TypeError as e:
        print(e)
