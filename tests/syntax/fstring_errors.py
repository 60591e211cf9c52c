# Mistakes in f-strings and t-strings.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


for quote in "ft":
    for body in ["{", "}", "{}", "{ }", "{x", "{x!", "{x!}", "{x!z}", "{x!rr}", "{x! r}", "{x!r :5}", "{x:", "{x:{", "{x:{y", "{x:{}}", "{x:}}", "{x}}", "{{x}", "{x!r:{y}}", "{x=!s}", "{x=}", "{=}", "{!r}", "{:5}", "{x y}", "{x +}", "{lambda x: 1}", "{(lambda x: 1)}", "{x:=5}", "{(x:=5)}", "{x = 5}", "{*x}", "{**x}", "{yield}", "{x, y}", "{'a' 'b'}", "{#}", "{x#}", "{x!s=}", "{a[b]}", "{a['b']}", "{'\\n'}", "{x:\\n}", "{a; b}", "{import x}", "{return}", "{1 = 2}", "{a.b=}", "{x!x:5}", "{f'{x}'}", "{f'{'}", "{)}", "{(]}", "{(}", "{x:{y:{z}}}", "{x:{y!r}}", "{a b c}", "{\\}", "{a!=b}", "{a==b}", "{a>=b}", "{...}", "{not x}", "{await x}", "{x if y else z}", "{x if y}", "{pass}", "{x!1}", "{x!r}{", "\\N{BULLET}", "\\N{nope}", "\\N", "{x}\\x1"]:
        check(f'{quote}"{body}"')
check("f'", 'f"""{x', "f'{x\n}'", "f'{\nx\n}'", 'f"a" b"b"', 'b"a" f"b"', 't"a" "b"', '"a" t"b"', 't"a" f"b"', 'f"a" t"b"', "bf'a'", "uf'a'", "fb'a'", "tf'a'", "rf'\\{x}'", "f'a' 'b", "f'{x!r:>{w}.{p}}'")
