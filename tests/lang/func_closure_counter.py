# Two closures over one variable; a closure over a loop in a comprehension.
def pair():
    value = 0

    def get():
        return value

    def put(v):
        nonlocal value
        value = v
    return get, put


get, put = pair()
put(5)
print(get(), get.__closure__[0] is put.__closure__[0])
fs = [lambda: x for x in range(3)]
print([f() for f in fs])
gs = [(lambda k: lambda: k)(x) for x in range(3)]
print([g() for g in gs])


def accumulate(total=0):
    while True:
        total += (yield total)


a = accumulate()
next(a)
print(a.send(5), a.send(7))
