# IndentationError and TabError.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


for head in ["if x:", "else:", "elif y:", "for x in y:", "while x:", "try:", "except:", "finally:", "with x:", "def f():", "class A:", "match x:", "async def f():", "async with x:", "async for x in y:"]:
    prefix = {"else:": "if x:\n pass\n", "elif y:": "if x:\n pass\n", "except:": "try:\n pass\n", "finally:": "try:\n pass\n"}.get(head, "")
    lead = "async def g():\n" if head.startswith("async ") and "def" not in head else ""
    if lead:
        check(f"{lead} {head}\n pass")
    else:
        check(f"{prefix}{head}\npass", f"{prefix}{head}")
check(" x = 1", "x = 1\n  y = 2", "if x:\n    a\n  b", "if x:\n  a\n    b", "if x:\n        a\n\tb", "if x:\n\ta\n        b", "if x:\n\ta\n\tb", "def f():\n  pass\n pass", "if x:\n # only a comment\ny", "match x:\n case 1:\n pass", "match x:\ncase 1: pass", "class A:\n  def f(self):\n  pass", "try:\n  a\n  except: pass", "(\n  1,\n      2\n)", "if x: pass\n    else: pass", "\tx", "if x:\n  \ty\n\t  z", "x = [\n 1,\n2]\n y", "except* A:\n pass", "try:\n pass\nexcept* A:\npass", "def f():\n\tx\n  \ty", "if 1:\n  x\n\n # c\n  y\n z")
