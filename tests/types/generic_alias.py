# list[int] and friends.
a = list[int]
print(a, a.__origin__, a.__args__, a.__parameters__, type(a).__name__, a == list[int], a != list[str], a("ab"), isinstance(a, type), a.append is list.append, a.__name__)
print(dict[str, list[int]], tuple[()], tuple[int, ...], type[int], list[int][0:0] if False else "", set[None], list["forward"], dict[int, "x"].__args__)
class A:
    def __class_getitem__(cls, k):
        return f"A of {k}"
print(A[int], A[1, 2])
class L(list[int]):
    pass
print(L.__mro__, L.__orig_bases__, L([1]))
for f in (lambda: int[str], lambda: list[int](5), lambda: isinstance([], list[int]), lambda: issubclass(list, list[int]), lambda: list[int].nope, lambda: list[int][str]):
    try:
        print(f())
    except (TypeError, AttributeError) as e:
        print(e)
print([*list[int].__args__], tuple[int, str] | None, callable(a), hash(a) == hash(list[int]), a.__reduce__()[0].__name__ if False else "")
