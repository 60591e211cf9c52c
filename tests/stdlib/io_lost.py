"""Files that are given up without being closed: a warning, and the data is written."""

import os
import sys
import warnings

path = f"/tmp/vivarium-io-lost-{os.getpid()}"
warnings.simplefilter("always")
shown = []
warnings.showwarning = lambda message, category, *rest, **more: shown.append((category.__name__, str(message).replace(path, "PATH")))
file = open(path, "w")
file.write("written although nobody closed it")
del file
print(shown, open(path).read())
shown.clear()
raw = open(path, "rb", 0)
del raw
reader = open(path, "rb")
reader = None
cycle = [open(path, "a")]
cycle.append(cycle)
cycle[0].write("!")
del cycle
import gc

gc.collect()
print(shown)
with open(path) as file:
    print(file.read())
reports = []
sys.unraisablehook = lambda report: reports.append((report.err_msg, str(report.exc_value)))
full = open("/dev/full", "w")
full.write("nowhere to go")
del full
print(reports)
try:
    with open("/dev/full", "w") as full:
        full.write("nowhere to go")
except OSError as error:
    print(error, full.closed)
os.remove(path)
