"""What importlib asks of the interpreter: the modules that it brings along."""

import sys
from _thread import RLock

# No bytecode files are read or written; the number only has to differ from every CPython's.
pyc_magic_number_token = 0x0A0D5656
check_hash_based_pycs = "default"

_lock = RLock()


def acquire_lock():
    """Keeps other threads that ask for this lock, and forks, from seeing what is half done."""
    _lock.acquire()


def release_lock():
    """See acquire_lock."""
    try:
        _lock.release()
    except RuntimeError:
        raise RuntimeError("not holding the import lock") from None


def lock_held():
    return _lock.locked()


def extension_suffixes():
    return []


def is_builtin(name):
    if name in ("builtins", "sys"):
        return -1
    return 1 if name in sys.builtin_module_names else 0


def create_builtin(spec):
    module = sys.modules.get(spec.name)
    if module is None:
        __import__(spec.name)
        module = sys.modules[spec.name]
    return module


def exec_builtin(module):
    return 0


def is_frozen(name):
    return False


def is_frozen_package(name):
    raise ImportError(f"No such frozen object named {name}", name=name)


def find_frozen(name, /, *, withdata=False):
    return None


def get_frozen_object(name, data=None, /):
    raise ImportError(f"No such frozen object named {name}", name=name)


def init_frozen(name):
    return None


def create_dynamic(spec, file=None, /):
    raise ImportError("there are no extension modules in this interpreter", name=spec.name)


def exec_dynamic(module):
    return 0


def source_hash(key, source):
    import hashlib

    return hashlib.blake2b(bytes(source), key=key.to_bytes(8, "little"), digest_size=8).digest()


def _fix_co_filename(code, path):
    """Code is compiled with the path that it keeps."""


def _frozen_module_names():
    return []


def _override_frozen_modules_for_tests(override, /):
    return None


def _override_multi_interp_extensions_check(override, /):
    return 0
