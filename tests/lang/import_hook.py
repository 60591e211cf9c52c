# Replacing __import__ and looking at what it is asked.
import builtins
real = builtins.__import__


def spy(name, globals=None, locals=None, fromlist=(), level=0):
    if not name.startswith("_"):
        # Not what importlib imports for itself.
        print("import", name, fromlist, level)
    return real(name, globals, locals, fromlist, level)


builtins.__import__ = spy
import pkgs.beta
import pkgs.beta as b
from pkgs.beta import shared, __name__ as n
from pkgs import beta
builtins.__import__ = real
import pkgs.counter
print(n, b is beta)


class Finder:
    def find_spec(self, name, path, target=None):
        if name == "virtual":
            print("asked for", name, path)
        return None


import sys
sys.meta_path.append(Finder())
try:
    import virtual
except ImportError as e:
    print(e)
