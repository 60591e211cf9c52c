"""Imports every module of the embedded library and prints those that cannot be: name, and what was raised."""

import io
import os
import sys

import _vivarium

# Importing `antigravity` opens a page; this program shows none.
os.environ["BROWSER"] = "true"


def names():
    for path in _vivarium.library_paths():
        name = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        if not name.endswith("__main__"):
            yield name


real = sys.stdout
for name in names():
    sys.stdout = io.StringIO()
    try:
        __import__(name)
    except BaseException as error:
        sys.stdout = real
        print(f"{name}: {type(error).__name__}: {error}", flush=True)
sys.stdout = real
