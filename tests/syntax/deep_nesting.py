# Depth never crashes.
def check(name, source, mode="exec"):
    try:
        compile(source, "<deep>", mode)
        print(name, "accepted")
    except (SyntaxError, RecursionError, MemoryError) as e:
        print(name, type(e).__name__)


check("brackets 50", "(" * 50 + ")" * 50)
check("brackets 150", "[" * 150 + "]" * 150)
check("brackets 250", "(" * 250 + ")" * 250)
check("open brackets", "(" * 1000)
check("terms", "+".join(["x"] * 500))
check("and", " and ".join(["x"] * 5000))
check("indents 90", "".join(" " * i + "if x:\n" for i in range(90)) + " " * 90 + "pass\n")
check("indents 120", "".join(" " * i + "if x:\n" for i in range(120)) + " " * 120 + "pass\n")
check("loops 25", "".join(" " * i + "for x in y:\n" for i in range(25)) + " " * 25 + "pass\n")
check("elifs", "if x: pass\n" + "elif y: pass\n" * 500)
check("comparisons", "<".join(["x"] * 3000))
check("arguments", "f(" + ",".join(["x"] * 5000) + ")")
check("parameters", "def f(" + ",".join(f"a{i}" for i in range(2000)) + "): pass")
check("targets", ",".join(["x"] * 3000) + " = y")
check("list", "[" + "1," * 20000 + "]")
check("statements", "x = 1\n" * 20000)
check("long name", "a" * 100000 + " = 1")
check("concatenation", "'a' " * 5000)
