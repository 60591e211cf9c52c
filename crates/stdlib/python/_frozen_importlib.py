"""importlib._bootstrap under the name that the interpreter's own import system has for it."""

import sys
import _imp
import _vivarium

_path, _name = "importlib/_bootstrap.py", "<frozen importlib._bootstrap>"
exec(_vivarium.library_code(_path, _name) or compile(_vivarium.library_source(_path), _name, "exec"), globals())
_setup(sys, _imp)
