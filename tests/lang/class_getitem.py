# __class_getitem__ and generic aliases of builtin types.
class A:
    def __class_getitem__(cls, item):
        return (cls.__name__, item)


class B(A):
    pass


print(A[1], B["x", 2], A[...])
try:
    A()[0]
except TypeError as e:
    print(e)
try:
    int[str]
except TypeError as e:
    print(e)
print(list[int], dict[str, int], tuple[int, ...], type[A], set[frozenset[int]])
x = list[int]
print(x.__origin__, x.__args__, type(x).__name__, x([1, 2]), x == list[int], hash(x) == hash(list[int]))


class C(list[int]):
    pass


print(C.__bases__, C.__orig_bases__, C([1]))


class MroEntries:
    def __mro_entries__(self, bases):
        print("entries", len(bases))
        return (A, )


class D(MroEntries()):
    pass


print(D.__bases__, "__orig_bases__" in D.__dict__)
print(int | str, int | None, list[int] | None, (int | str).__args__)
print(isinstance(1, int | str), issubclass(bool, int | None), int | str == str | int)
try:
    isinstance([], list[int])
except TypeError as e:
    print(e)
try:
    class E(5):
        pass
except TypeError as e:
    print(e)
