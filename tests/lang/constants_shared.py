"""Equal constants of one module are one object, whichever function they stand in."""


def f():
    return "two words"


def g():
    return "two words"


def nested():
    return (1, "two words", b"bytes", 1.5, (2, 3.5))


class C:
    text = "two words"
    pair = (2, 3.5)

    def again(self):
        return (1, "two words", b"bytes", 1.5, (2, 3.5))


print(f() is g(), f() is C.text, nested() is C().again())
print(nested()[1] is f(), nested()[2] is (lambda: b"bytes")(), nested()[3] is (lambda: 1.5)())
print(nested()[4] is C.pair)
print((lambda: 123456)() is (lambda: 123456)(), (lambda: 10**30)() is (lambda: 10**30)())

# Equal, but not the same: types and signs are told apart.
print([type(x).__name__ for x in ((lambda: 1)(), (lambda: 1.0)(), (lambda: True)())])
print((lambda: 0.0)(), (lambda: -0.0)(), (lambda: 0j)(), (lambda: -0j)())
print([(type(a).__name__, type(b).__name__) for a, b in ((lambda: (1, 2.0))(), (lambda: (1.0, 2))())])

# Another module shares nothing but what is interned.
space = {}
exec("def f(): return 'two words'\ndef g(): return 'two_words'", space)
print(space["f"]() is f(), space["f"]() == f(), space["g"]() is (lambda: "two_words")())
