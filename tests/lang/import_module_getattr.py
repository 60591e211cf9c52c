# __getattr__ and __dir__ of a module.
import pkgs.dynamic as d
print(d.dyn_x, dir(d))
from pkgs.dynamic import dyn_y
print(dyn_y)
try:
    d.other
except AttributeError as e:
    print(e)
try:
    from pkgs.dynamic import other
except ImportError as e:
    print(str(e).split(" (")[0])
print(hasattr(d, "dyn_z"), hasattr(d, "nope"))
d.fixed = 1
print(d.fixed)
