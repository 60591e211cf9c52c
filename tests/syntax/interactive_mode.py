# compile() in single mode; incomplete input.
def check(src):
    try:
        c = compile(src, "<stdin>", "single")
        exec(c, {})
    except SyntaxError as e:
        print(repr(src), type(e).__name__, e.msg, e.lineno, e.offset)


for s in ["1 + 1", "'text'", "None", "x = 1", "x = 1; x", "1; 2; 3", "if 1: 5", "if 1:\n  6\n", "for i in 'ab': i\n", "def f(): 7\n", "def f():\n  return 8\n", "", "\n", "# comment", "(", "if x:", "1\n2", "x = 1\ny = 2", "[1,\n2]", "class A: pass\n", "while 0: pass\n", "1 +", "'''abc", "try:\n 1\nexcept: 2\n", "@x", "print('shown')", "lambda: 1" if False else "...", "5 if 1 else 6"]:
    check(s)
PyCF_ALLOW_INCOMPLETE_INPUT = 0x4000
for s in ["(", "if x:", "'''", "def f():", "x = [1,", "1 +", "x = = 1", "'abc", ")", "@x", "try:", "\\", "for", "f("]:
    try:
        compile(s, "<stdin>", "single", PyCF_ALLOW_INCOMPLETE_INPUT)
        print(repr(s), "complete")
    except SyntaxError as e:
        print(repr(s), type(e).__name__, e.msg)
