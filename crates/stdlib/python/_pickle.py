"""What pickle takes from C elsewhere: the buffer wrapper is native, the rest is pickle's own implementation in Python."""

from _pickle_buffer import PickleBuffer

_OWN = {
    "PickleError": "PickleError",
    "PicklingError": "PicklingError",
    "UnpicklingError": "UnpicklingError",
    "Pickler": "_Pickler",
    "Unpickler": "_Unpickler",
    "dump": "_dump",
    "dumps": "_dumps",
    "load": "_load",
    "loads": "_loads",
}


def __getattr__(name):
    # pickle asks for these at its end, when it has them itself.
    own = _OWN.get(name)
    if own is None:
        raise AttributeError(f"module '_pickle' has no attribute '{name}'")
    import pickle

    value = getattr(pickle, own)
    if not isinstance(value, type):
        # As a builtin function it does not become a method where it stands in a class.
        value = staticmethod(value)
    globals()[name] = value
    return value


def __dir__():
    return [*globals(), *_OWN]
