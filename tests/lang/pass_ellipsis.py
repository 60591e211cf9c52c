# Statements that do nothing, expression statements, semicolons, line joining.
pass
...
"a string statement"
1; 2; 3
print(...); print(Ellipsis is ...)
x = (1 +
     2
     + 3)
print(x)
y = 1 + \
    2
print(y)
if x: pass; print("after pass")
def f(): ...
print(f())
class C: ...
print(C.__name__)
def g(): return 1; print("dead")
print(g())
long = [
    1,  # comment
    2,

    3,
]
print(long)
text = ("one "
        'two ' """three"""
        r"\four")
print(text)
if True:
    # only a comment before

    print("body")
# a comment at another indentation
    print("still body")
def h(a,
      b = 1,
      ): return a, b
print(h(1))
print((
    "tuple?",
)
)
