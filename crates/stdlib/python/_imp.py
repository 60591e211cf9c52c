"""What importlib asks of the interpreter: the modules that it brings along."""

import sys
from _thread import RLock

from _vivarium import check_hash_based_pycs, source_hash
from _vivarium import pyc_magic_number as pyc_magic_number_token

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


def _fix_co_filename(code, path):
    """Code is read with the path that it is to have: see _frozen_importlib_external."""


def _frozen_module_names():
    return []


def _override_frozen_modules_for_tests(override, /):
    return None


def _override_multi_interp_extensions_check(override, /):
    return 0
