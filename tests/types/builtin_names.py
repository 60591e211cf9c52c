# Every name of builtins that a script may rely on.
import builtins
names = [n for n in dir(builtins) if not n.startswith("_")]
wanted = "abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash hex id input int isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip".split()
print([n for n in wanted if n not in names])
print(sorted(n for n in names if isinstance(getattr(builtins, n), type) and issubclass(getattr(builtins, n), BaseException)))
print([(n, type(getattr(builtins, n)).__name__) for n in wanted])
len = lambda x: "shadowed"
print(len([]), builtins.len([]))
del len
print(len([1]))
builtins.added = "a new builtin"
print(added)
del builtins.added
try:
    added
except NameError as e:
    print(e)
