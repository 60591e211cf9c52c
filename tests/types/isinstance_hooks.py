# isinstance and issubclass with tuples, unions and hooks.
class M(type):
    def __instancecheck__(cls, obj):
        print("check", obj, end=" ")
        return obj == 1

    def __subclasscheck__(cls, sub):
        print("sub", sub.__name__, end=" ")
        return sub is int


class A(metaclass=M): pass
print(isinstance(1, A), isinstance(2, A), isinstance(A(), A) if False else "", issubclass(int, A), issubclass(str, A))
print(isinstance(2, (A, int)), isinstance("x", (A, (bytes, (str,)))), isinstance(2, int | str), issubclass(bool, (str, int)), isinstance([], (list | tuple)))
class Liar:
    __class__ = list
print(isinstance(Liar(), list), isinstance(Liar(), Liar), type(Liar()) is list)
for f in (lambda: isinstance(1, "int"), lambda: isinstance(1, [int]), lambda: issubclass(1, int), lambda: issubclass(int, 1), lambda: isinstance(1, (str, 5)), lambda: isinstance(1), lambda: isinstance(1, list[int] | str)):
    try:
        print(f())
    except TypeError as e:
        print(e)
