# Modules that import each other.
import pkgs.circular_a
print(pkgs.circular_a.NAME, pkgs.circular_b.NAME)
try:
    import pkgs.circular_from
except ImportError as e:
    print(str(e).split(" (")[0])
