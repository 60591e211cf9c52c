# A finaliser of the old kind: it runs after __del__ and again where it saves its object; cycles with it stay.
import gc
import heap
import weakref

saved = []


@heap.add_old_finalizer
class Old:
    save = False

    def __del__(self):
        print("__del__", self.name, "weak:", self.weak() is self)

    def __tp_del__(self):
        print("__tp_del__", self.name, "weak:", self.weak())
        if Old.save:
            saved.append(self)

    def __init__(self, name):
        self.name = name
        self.weak = weakref.ref(self)


one = Old("one")
del one
Old.save = True
two = Old("two")
del two
Old.save = False
print("saved", [old.name for old in saved])
saved.clear()

first, child = Old("first"), [1]
first.me, first.child = first, child
weak = weakref.ref(first)
seen = []
gc.callbacks.append(lambda phase, info: phase == "stop" and seen.append((info["collected"], info["uncollectable"])))
del first, child
before = gc.get_stats()[2]["uncollectable"]
print("collected", gc.collect(), seen, gc.get_stats()[2]["uncollectable"] - before)
print([old.name for old in gc.garbage], weak() is gc.garbage[0], gc.is_tracked(weak().child))
weak().me = None
gc.garbage.clear()
print(weak())
gc.callbacks.clear()


@heap.hide_from_collector
class Hidden:
    __slots__ = ()

    def __del__(self):
        print("__del__ of hidden")
        if Old.save:
            saved.append(self)


hidden = Hidden()
print(gc.is_tracked(hidden), heap.size(hidden) == heap.size(object()))
Old.save = True
del hidden
Old.save = False
saved.clear()
for wrong in Old, Hidden, int, 1:
    try:
        heap.hide_from_collector(wrong)
        print("taken")
    except TypeError as e:
        print(e)
try:
    heap.add_old_finalizer(int)
except TypeError as e:
    print(e)
print(heap.audit())
ring = Old("ring")
ring.me = ring
