# Mistakes in try statements.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check("try: pass", "try: pass\nx = 1", "try: pass\nelse: pass", "try: pass\nexcept: pass\nexcept A: pass", "try: pass\nexcept A: pass\nexcept: pass\nelse: pass\nfinally: pass", "try: pass\nfinally: pass\nexcept: pass", "try: pass\nfinally: pass\nelse: pass", "try: pass\nexcept A: pass\nexcept* B: pass", "try: pass\nexcept* A: pass\nexcept B: pass", "try: pass\nexcept*: pass", "try: pass\nexcept A, B: pass", "try: pass\nexcept A, B as e: pass", "try: pass\nexcept (A, B) as e: pass", "try: pass\nexcept* A, B as e: pass", "try: pass\nexcept* A, B: pass", "try: pass\nexcept A as 1: pass", "try: pass\nexcept A as a.b: pass", "try: pass\nexcept A as (a): pass", "try: pass\nexcept A as: pass", "try: pass\nexcept A as None: pass", "try: pass\nexcept A as __debug__: pass", "try: pass\nexcept as e: pass", "try: pass\nexcept A e: pass", "except: pass", "finally: pass", "try\n pass", "try: pass\nexcept A\n pass", "try: pass\nexcept\n pass", "try: pass\nexcept (A, B: pass", "try: pass\nexcept A as e\n pass", "try: pass\nelse: pass\nexcept: pass", "try: x\nexcept: y\nelse: z\nelse: w", "try: pass\nfinally: pass\nfinally: pass", "try: pass\nexcept A,: pass", "try: pass\nexcept *A: pass", "try: pass\nexcept A if x else B: pass", "raise", "raise a from b from c", "raise a, b", "raise a as b", "assert", "assert a, b, c", "assert a = b", "assert (a = b)")
