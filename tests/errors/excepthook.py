import sys


def hook(typ, value, tb):
    print("hook:", typ.__name__, value, tb.tb_lineno)


sys.excepthook = hook
undefined
