# Slice assignment of every shape.
def show(f, *args):
    l = list(range(6))
    try:
        f(l)
        print(l)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)


def a(l): l[1:3] = "xyz"
def b(l): l[2:2] = [9]
def c(l): l[4:1] = ["in"]
def d(l): l[:] = []
def e(l): l[::2] = "abc"
def f(l): l[::-1] = range(6)
def g(l): l[::2] = [1]
def h(l): l[1:3] = 5
def i(l): l[100:] = [7]
def j(l): l[:-100] = [7]
def k(l): l[-2:] = l
def m(l): l[1:5:2] = iter("pq")
def n(l): del l[1:4]
def o(l): del l[::3]
def p(l): del l[-1:-4:-1]
def q(l): l[1:2] = (x for x in "gen")
def r(l): l[3:1:-1] = "ab"
def s(l): l[0:0] = l
for t in (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s):
    show(t)
