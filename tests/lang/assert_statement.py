# assert with and without a message; the message is evaluated only on failure.
assert True
assert [0], "never shown"


def msg():
    print("message made")
    return "boom"


assert 1, msg()
try:
    assert 0, msg()
except AssertionError as e:
    print(repr(e))
try:
    assert ()
except AssertionError as e:
    print(repr(e), e.args)
try:
    assert not True, (1, 2)
except AssertionError as e:
    print(e.args)
try:
    assert None, ValueError("inner")
except AssertionError as e:
    print(repr(e))
AssertionErrorSaved = AssertionError
AssertionError = ValueError
try:
    assert False, "real class is raised"
except AssertionErrorSaved as e:
    print(type(e).__name__, e)
del AssertionError
print(__debug__)
