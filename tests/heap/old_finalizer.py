# A finaliser of the old kind: it runs after __del__ and again where it saves its object; cycles with it stay.
import gc
import heap
import weakref

saved = []
told = []


def tell(*what):
    told.append(what)


def heard(*expected):
    """What has been told since the last time is this."""
    assert told == list(expected), told
    told.clear()


@heap.add_old_finalizer
class Old:
    save = False

    def __del__(self):
        tell("__del__", self.name, self.weak() is self)

    def __tp_del__(self):
        tell("__tp_del__", self.name, self.weak())
        if Old.save:
            saved.append(self)

    def __init__(self, name):
        self.name = name
        self.weak = weakref.ref(self)


one = Old("one")
del one
# Weak references are gone by the time of the old finaliser.
heard(("__del__", "one", True), ("__tp_del__", "one", None))
Old.save = True
two = Old("two")
del two
Old.save = False
assert [old.name for old in saved] == ["two"]
heard(("__del__", "two", True), ("__tp_del__", "two", None))
saved.clear()
# __del__ has run once, and does not again.
heard(("__tp_del__", "two", None))

first, child = Old("first"), [1]
first.me, first.child = first, child
weak = weakref.ref(first)
seen = []
gc.callbacks.append(lambda phase, info: phase == "stop" and seen.append((info["collected"], info["uncollectable"])))
del first, child
before = gc.get_stats()[2]["uncollectable"]
assert gc.collect() == 2 and seen == [(0, 2)]
assert gc.get_stats()[2]["uncollectable"] - before == 2
assert [old.name for old in gc.garbage] == ["first"] and weak() is gc.garbage[0]
assert gc.is_tracked(weak().child)
heard()
weak().me = None
gc.garbage.clear()
heard(("__del__", "first", True), ("__tp_del__", "first", None))
assert weak() is None
gc.callbacks.clear()


@heap.hide_from_collector
class Hidden:
    __slots__ = ()

    def __del__(self):
        tell("__del__ of hidden")
        if Old.save:
            saved.append(self)


hidden = Hidden()
assert not gc.is_tracked(hidden) and heap.size(hidden) == heap.size(object())
Old.save = True
del hidden
Old.save = False
saved.clear()
heard(("__del__ of hidden",), ("__del__ of hidden",))


def refused(function, wrong):
    try:
        function(wrong)
    except TypeError as error:
        return str(error)


own = "a class whose instances own nothing expected"
assert refused(heap.hide_from_collector, Old) == own
assert refused(heap.hide_from_collector, Hidden) is None
assert refused(heap.hide_from_collector, int) == own
assert refused(heap.hide_from_collector, 1) == own
assert refused(heap.add_old_finalizer, int) == "a class made by a class statement expected, got 'type'"
assert heap.audit() == []
ring = Old("ring")
ring.me = ring
