print("a starts")
import pkgs.circular_b
from pkgs import circular_b
print("a sees", circular_b.NAME)
NAME = "a"
