# The read-only view of a class dict.
class A:
    x = 1


p = A.__dict__
print(type(p).__name__, p["x"], "x" in p, p.get("nope", 0), len(p) > 1, [k for k in p if k == "x"], "x" in p.keys())
for f in (lambda: p.__setitem__("x", 2), lambda: p["nope"], lambda: hash(p)):
    try:
        f()
    except (TypeError, KeyError, AttributeError) as e:
        print(type(e).__name__, e)
try:
    p["x"] = 2
except TypeError as e:
    print(e)
try:
    del p["x"]
except TypeError as e:
    print(e)
A.y = 2
print(p["y"])
M = type(p)
d = {"a": 1}
m = M(d)
d["b"] = 2
print(m, m == d, m | {"c": 3}, list(m.items()), m.copy(), list(reversed(m)), repr(m))
for bad in (5, []):
    try:
        M(bad)
    except TypeError as e:
        print(e)
