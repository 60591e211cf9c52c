# sys: the parts any script may use.
import sys

print(sys.version_info[:2], sys.version_info.major, sys.version_info >= (3, 14), sys.maxsize == 2 ** 63 - 1, sys.byteorder, sys.maxunicode, sys.hexversion >> 24 == 3)
print(type(sys.argv), type(sys.path), type(sys.modules), "sys" in sys.modules, sys.modules["sys"] is sys, sys.stdout.name, sys.stderr.name, sys.stdin.name)
print(sys.float_info.max, sys.float_info.epsilon, sys.float_info.dig, sys.int_info.bits_per_digit, sys.hash_info.width, sys.hash_info.modulus, sys.getdefaultencoding(), sys.getfilesystemencoding())
print(sys.getrecursionlimit(), sys.getswitchinterval(), sys.flags.optimize, sys.flags.interactive, sys.dont_write_bytecode, sys.platform, sys.implementation.name in ("cpython", "vivarium"), sys.api_version > 0)
print(sys._getframe().f_code.co_name, sys._getframe(0).f_lineno, sys.exc_info(), sys.displayhook is sys.__displayhook__, sys.excepthook is sys.__excepthook__)
sys.displayhook(5)
sys.displayhook(None)
print(_)
for f in (lambda: sys._getframe(100), lambda: sys.getrefcount(), lambda: sys.intern(1), lambda: sys.setrecursionlimit("a"), lambda: sys.nope, lambda: sys.setrecursionlimit(-1), lambda: sys.exit(1, 2)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
print("builtins" in sys.builtin_module_names, "sys" in sys.builtin_module_names, isinstance(sys.builtin_module_names, tuple), "os" in sys.stdlib_module_names)
print(sys.stdout.write("text"), sys.stdout.flush(), sys.stdout.encoding, sys.stdout.isatty(), sys.stdout.fileno(), sys.stdin.read(), sys.stdin.readline())
calls = []


def trace(frame, event, arg):
    calls.append((event, frame.f_code.co_name))
    return trace


def traced():
    return 1


sys.settrace(trace)
traced()
sys.settrace(None)
print(calls[:3])
