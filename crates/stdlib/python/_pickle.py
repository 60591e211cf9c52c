"""What pickle takes from C elsewhere: the buffer wrapper is native, the rest is pickle's own implementation in Python under
the names of this module."""

from _pickle_buffer import PickleBuffer

_CLASSES = ("Pickler", "Unpickler")
_FUNCTIONS = ("dump", "dumps", "load", "loads")
_ERRORS = ("PickleError", "PicklingError", "UnpicklingError")


def __getattr__(name):
    # pickle asks for these at its end, when it has them itself.
    import pickle

    if name in _ERRORS:
        value = getattr(pickle, name)
    elif name in _CLASSES:
        own = getattr(pickle, f"_{name}")
        value = type(name, (own,), {"__module__": __name__, "__doc__": own.__doc__})
    elif name in _FUNCTIONS:
        # As a builtin function it does not become a method where it stands in a class.
        value = staticmethod(getattr(pickle, f"_{name}"))
    else:
        raise AttributeError(f"module '_pickle' has no attribute '{name}'")
    globals()[name] = value
    return value


def __dir__():
    return [*globals(), *_CLASSES, *_FUNCTIONS, *_ERRORS]
