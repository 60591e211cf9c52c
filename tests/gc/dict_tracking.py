# Tracking of dicts and their growth.
import gc

print(gc.is_tracked({}), gc.is_tracked({"a": 1}))
d = {}
d["x"] = []
print(gc.is_tracked(d))
d = dict.fromkeys("abc")
print(gc.is_tracked(d))
print(gc.is_tracked({**{"a": (1,)}}), gc.is_tracked(dict(a=5)), gc.is_tracked({k: [k] for k in "ab"}))


class A:
    def __init__(self):
        self.x = 1


a = A()
print(gc.is_tracked(a), gc.is_tracked(a.__dict__))
