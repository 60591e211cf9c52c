# Cycles through every kind of object are found.
import gc
import weakref

gc.disable()


class A:
    pass


def probe(build):
    a = A()
    r = weakref.ref(a)
    build(a)
    del a
    alive = r() is not None
    gc.collect()
    return alive, r() is None


def through_list(a): a.x = [a]
def through_tuple(a): a.x = (a,)
def through_dict(a): a.x = {"k": a}
def through_dict_key(a): a.x = {a: 1}
def through_set(a): a.x = {a}
def through_frozenset(a): a.x = frozenset([a])
def through_function_default(a): a.x = lambda v=a: v
def through_closure(a): a.x = lambda: a
def through_bound_method(a): a.x = A.__init__.__get__(a)
def through_class_attribute(a): a.x = type("K", (), {"a": a})
def through_instance_of_new_class(a): a.x = type("K", (), {"a": a})()
def through_list_iterator(a): a.x = iter([a])
def through_zip(a): a.x = zip([a])
def through_map(a): a.x = map(lambda v: v, [a])
def through_enumerate(a): a.x = enumerate([a])
def through_slice(a): a.x = slice(a)
def through_property(a): a.x = property(lambda s: a)
def through_staticmethod(a): a.x = staticmethod(lambda: a)
def through_exception(a): a.x = ValueError(a)
def through_reversed(a): a.x = reversed([a])
def through_dict_view(a): a.x = {1: a}.values()
def through_alias(a): a.x = list[a]
def through_module(a):
    m = type(gc)("m")
    m.a = a
    a.x = m
def through_generator(a):
    def g():
        yield a
    a.x = g()
    next(a.x)
def through_coroutine(a):
    async def c():
        return a
    a.x = c()
    a.x.close() if False else None
def through_super(a): a.x = super(A, a)
def through_partial_cell(a):
    def f():
        nonlocal_a = a
        return lambda: nonlocal_a
    a.x = f()
def through_traceback(a):
    try:
        raise ValueError
    except ValueError as e:
        a.x = e


for f in [v for k, v in list(globals().items()) if k.startswith("through_") and k != "through_coroutine"]:
    print(f.__name__, probe(f))
