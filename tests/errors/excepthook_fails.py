import sys


def hook(typ, value, tb):
    raise RuntimeError("the hook failed")


sys.excepthook = hook
raise ValueError("original")
