# Continuations, form feeds, comments, blank lines, semicolons, CRLF through exec.
x = 1 + \
    2 \
    + 3
print(x)
if x == 6 and \
   True:
    print("joined")
exec("a = 1\r\nb = 2\r\nprint(a + b)\r\n")
exec("c = 5\rprint(c)")
exec("if 1:\n\tprint('tab')\n\tprint('tab again')\n")
exec("if 1:\n  \x0c  print('form feed')\n")
exec("\n\n\n# only comments\n\n")
exec("")
exec("   # indented comment\nprint('ok')")
exec("if 1:\n    print('a')\n# comment at column 0\n    print('b')\n\n\n    print('c')")
exec("print('no newline at end')")
exec("x = '''a\\\nb\nc'''\nprint(repr(x))")
exec("def f():\n    return (1,\n2,\n        3)\nprint(f())")
exec("for i in range(2): print(i); print(-i)")
exec("class A: x = 1; y = 2\nprint(A.y)")
exec("if 1: pass; print('same line')\nelse: print('no')")
try:
    exec("\ufeffprint('bom')")
except SyntaxError as e:
    print(e)
exec(b"\xef\xbb\xbfprint('bom in bytes')")
print(eval("\t 1 + 1  "), eval("(1\n+2)"), eval("1 # comment"))
n = 7
while n > 5: n -= 1; print(n)
