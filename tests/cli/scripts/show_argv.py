import sys
print(sys.argv)
print(__file__.rsplit("/", 1)[-1], sys.path[0].rsplit("/", 1)[-1], __name__)
