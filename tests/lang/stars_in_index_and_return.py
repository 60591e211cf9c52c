# Stars in subscripts, returns, yields and for.
class G:
    def __getitem__(self, k): return k


g, t = G(), (1, 2)
def r(): return *t, 3
def y(): yield *t, 4
print(g[*t], g[0, *t], g[*t, *t], r(), list(y()), [x for x in (*t, *t)])
for i in *t, *r():
    print(i, end=" ")
print()
x = *t, *"ab"
print(x, (*t,), [*t, *[]], {*t, 9}, {**{"a": 1}, **{"b": 2}})
