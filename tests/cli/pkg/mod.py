import sys
from . import helper
print("mod", __name__, __package__, sys.argv[1:], helper.NAME)
