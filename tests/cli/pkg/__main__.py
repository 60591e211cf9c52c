import sys
print("package main", __name__, __package__, sys.argv[1:])
from . import mod
