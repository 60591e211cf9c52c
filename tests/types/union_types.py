# X | Y on types.
u = int | str
print(u, type(u), u == (str | int), u == int | str | int, hash(u) == hash(str | int), u.__args__, int | None, None | int, list[int] | dict, (int | str) | float)
print(isinstance(1, u), isinstance(1.5, u), isinstance(None, int | None), issubclass(bool, u), repr(int | "forward" if False else int | str), int | int is int if False else (int | int) == int)
for f in (lambda: int | 5, lambda: 5 | int, lambda: u(), lambda: isinstance(1, int | list[int])):
    try:
        print(f())
    except TypeError as e:
        print(e)
class M(type):
    def __or__(cls, o): return "custom or"
class A(metaclass=M): pass
print(A | int, int | A if False else "")
