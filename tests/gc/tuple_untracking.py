# A collection stops watching tuples of atoms, and never those that hold containers.
import gc


def make(*items):
    return items


atoms, nested, mixed, deep = make(1, "a"), make([],), make(1, make(2, [])), make(1, make(2, 3))
empty = make()
print([gc.is_tracked(t) for t in (atoms, nested, mixed, deep, empty)])
gc.collect()
print([gc.is_tracked(t) for t in (atoms, nested, mixed, deep, empty)])
gc.collect()
print([gc.is_tracked(t) for t in (atoms, nested, mixed, deep, empty)])
# sweep: not collect (what the collector has done is the subject)
