# Operators nested too deeply for the parser: an error that can be caught, and no crash.
for source in "-" * 100_000 + "1", "if x: pass\n" + "elif x: pass\n" * 100_000, "not " * 100_000 + "1":
    try:
        compile(source, "deep", "exec")
    except MemoryError as e:
        print(type(e).__name__, e)
for source in "+".join("1" * 100_000), "a" + ".b" * 100_000, "a" + "()" * 100_000, "a" + "[0]" * 100_000:
    try:
        compile(source, "deep", "exec")
        print("compiled")
    except RecursionError as e:
        print(type(e).__name__, "during compilation" in str(e))
