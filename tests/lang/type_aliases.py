# type statements: lazy values, parameters, generics.
type Int = int
type Pair[T] = tuple[T, T]
type Tree = list[Tree] | int
print(Int, type(Int).__name__, Int.__value__, Int.__name__)
print(Pair, Pair.__type_params__, Pair.__value__, Pair[int])
print(Tree.__value__)
type Later = Undefined
try:
    Later.__value__
except NameError as e:
    print(e)
Undefined = str
print(Later.__value__)
type Func[**P, R, *Ts] = dict[R, str]
print(Func.__type_params__, [type(p).__name__ for p in Func.__type_params__])
type Bound[T: int, U: (str, bytes), V = bool] = list[T]
T, U, V = Bound.__type_params__
print(T.__bound__, U.__constraints__, V.__default__, T.__name__)
type = 5
print(type + 1)
type.bit_length()


def scope():
    x = int
    type Local = list[x]
    x = str
    return Local.__value__


print(scope())


class C:
    y = float
    type Inner = dict[str, y]
    type Self = list[C]


print(C.Inner.__value__, C.Self.__value__, C.Inner.__module__)
print(Int | None, Pair[str] | int)
try:
    Int()
except TypeError as e:
    print(e)
