# What gc.collect() returns for different cycles.
import gc

gc.collect()
gc.disable()


class A:
    pass


def self_list():
    l = []
    l.append(l)


def self_dict():
    d = {}
    d["d"] = d


def instance():
    a = A()
    a.me = a


def pair():
    a, b = A(), A()
    a.b, b.a = b, a


def ring(n):
    nodes = [A() for _ in range(n)]
    for x, y in zip(nodes, nodes[1:] + nodes[:1]):
        x.next = y


def closure():
    def f():
        return f


def in_tuple():
    l = []
    l.append((l,))


def klass():
    class K:
        pass


def generator():
    def g():
        yield me
    me = g()
    next(me)


def acyclic():
    x = [[1], {"a": [2]}]


for f in (self_list, self_dict, instance, pair, closure, in_tuple, generator, acyclic):
    f()
    print(f.__name__, gc.collect())
ring(10)
print("ring", gc.collect())
klass()
print("class", gc.collect() > 0)
print(gc.collect(), gc.collect(0), gc.collect(1), gc.collect(2), gc.collect(generation=0))
for bad in (3, -1, "a"):
    try:
        gc.collect(bad)
    except (ValueError, TypeError) as e:
        print(e)
