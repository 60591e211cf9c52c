import sys

sys.excepthook = 3
1 / 0
