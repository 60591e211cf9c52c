print("b starts")
import pkgs.circular_a as a
print("b sees NAME:", hasattr(a, "NAME"))
NAME = "b"
