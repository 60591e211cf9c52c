import sys
import sibling
print(sibling.VALUE, sys.argv[1:], __name__, __package__ == "")
