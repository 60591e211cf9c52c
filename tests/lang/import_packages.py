# Packages, sub-modules, relative imports, aliases.
import sys

import pkgs.alpha
print(pkgs.alpha.first.NAME, pkgs.alpha.SECOND, pkgs.alpha.__name__, pkgs.alpha.__package__, pkgs.alpha.__doc__)
from pkgs.alpha import first as f, lazy
print(f.where(), lazy, f is pkgs.alpha.first)
import pkgs.alpha.sub.leaf as leaf
print(leaf.LEAF, pkgs.alpha.sub.shared, pkgs.alpha.sub.VALUE)
from pkgs.alpha.sub import shared
shared.append("changed")
from pkgs.beta import shared as again
print(again, again is shared)
print(sorted(n for n in sys.modules if n.startswith("pkgs")))
print(f.parent is pkgs.alpha, pkgs.__path__[0].endswith("pkgs"), pkgs.alpha.__file__.endswith("__init__.py"))
print(sys.modules["pkgs.alpha"] is pkgs.alpha)
import pkgs.namespace.inside
print(pkgs.namespace.inside.WHERE, hasattr(pkgs.namespace, "__file__"))
