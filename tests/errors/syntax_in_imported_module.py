import os
import sys
import tempfile

folder = tempfile.mkdtemp()
sys.path.insert(0, folder)
os.chdir(folder)
with open("broken_one.py", "w") as file:
    file.write("def f(:\n    pass\n")
try:
    import broken_one
except SyntaxError as e:
    e.filename = "broken_one.py"
    e.__traceback__ = None
    raise e from None
