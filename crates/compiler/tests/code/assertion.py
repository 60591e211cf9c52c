def f(x):
    assert x > 1, 'msg'
    assert x
