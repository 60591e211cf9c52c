# The whole tree of builtin exceptions.
def show(cls, depth=0):
    print("  " * depth + cls.__name__)
    for sub in sorted(cls.__subclasses__(), key=lambda c: c.__name__):
        if sub.__module__ == "builtins":
            show(sub, depth + 1)


show(BaseException)
print(IOError is OSError, EnvironmentError is OSError)
print(ExceptionGroup.__mro__)
print(UnboundLocalError.__bases__, ModuleNotFoundError.__bases__, RecursionError.__bases__, NotImplementedError.__bases__, TabError.__bases__)
