import sys


def hook(args):
    print("unraisable:", args.exc_type.__name__, args.exc_value, args.err_msg, args.object.__qualname__)


sys.unraisablehook = hook


class A:
    def __del__(self):
        1 / 0


A()
print("done")
