source = "x = 1\nif x\n    y = 2\n"
try:
    exec(source)
except SyntaxError as e:
    print(e.lineno, e.offset, e.text)
compile("a b", "given.py", "exec")
