"""importlib._bootstrap under the name that the interpreter's own import system has for it."""

import sys
import _imp
import _vivarium

exec(compile(_vivarium.library_source("importlib/_bootstrap.py"), "<frozen importlib._bootstrap>", "exec"), globals())
_setup(sys, _imp)
