# A SyntaxError in an imported module, and one from exec.
import sys

try:
    exec("x = (1,\ny = 2")
except SyntaxError as e:
    print(e)
    print(e.filename, e.lineno, e.text)
exec("def f(:\n  pass")
