# Contexts: many variables, copies that do not see later changes, equality, views.
import contextvars
import gc
import weakref

variables = [contextvars.ContextVar(f"v{i}") for i in range(300)]
outer = contextvars.copy_context()


def fill(step):
    for i, variable in enumerate(variables[::step]):
        variable.set(i)


def clear(tokens):
    for token in tokens:
        token.var.reset(token)


one, other = contextvars.Context(), contextvars.Context()
one.run(fill, 1)
half = one.copy()
other.run(fill, 1)
print(len(one), len(outer), one == other, one is other)
half.run(variables[7].set, "changed")
print(one == half, one[variables[7]], half[variables[7]], half.get(variables[8]), outer.get(variables[7], "none"))
print(sorted(v.name for v in one)[:3], len(one.keys()), len(one.items()), len(one.values()))
print({v.name: x for v, x in one.items()} == {v.name: i for i, v in enumerate(variables)})
print(sum(one.values()), variables[3] in one, contextvars.ContextVar("new") in one)
view = one.items()
print(type(view).__name__, next(view)[0] in variables, len(list(view)), len(view))
tokens = []
kept = one.copy()
one.run(lambda: tokens.extend(v.set(-1) for v in variables))
print(set(one.values()), kept == other)
one.run(clear, tokens)
print(one == kept, len(one))
empty = contextvars.Context()
empty.run(lambda: clear([v.set(0) for v in variables]))
print(len(empty), list(empty), empty == contextvars.Context())
try:
    one["v1"]
except TypeError as e:
    print(e)


class Thing:
    pass


thing = Thing()
thing.context = contextvars.Context()
thing.context.run(variables[0].set, thing)
gone = weakref.ref(thing)
del thing
gc.collect()
print(gone() is None)
