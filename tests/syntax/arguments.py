# Argument lists which are not allowed.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check("f(a=1, b)", "f(**k, a)", "f(**k, *a)", "f(a=1, a=2)", "f(1=2)", "f(a.b=1)", "f((a)=1)", "f(True=1)", "f(None=1)", "f(__debug__=1)", "f(a for a in b, c)", "f(c, a for a in b)", "f(a for a in b)", "f(a for a in b,)", "f(x=a for a in b)", "f(*)", "f(**)", "f(*a, b)", "f(*a, b=1, *c)", "f(**a, b=1)", "f(a b)", "f(a, b c)", "f(a=)", "f(a=1 b=2)", "f(a, , b)", "f(*a=1)", "f(lambda x: x = 1)", "f('a'=1)", "f(a+b=1)", "f(a()=1)", "f(not a=1)", "f(a if b)", "f(yield)", "f(a := 1, b)", "f(a=(yield))", "f(*a for a in b)", "f(**a for a in b)", "class A(a for a in b): pass", "class A(*a, **k): pass", "class A(x=1, y): pass", "class A(a=1, a=2): pass", "f(a, b for b in c, d)", "print a", "print 'a'", "exec 'a'", "print a, b", "f(a\n  b)", "f(**{'a': 1}, c)")
