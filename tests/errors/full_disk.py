"""What was printed cannot be written at the end: told on standard error, and by the exit code."""

import os

full = os.open("/dev/full", os.O_WRONLY)
print("this is written")
import sys

sys.stdout.flush()
os.dup2(full, 1)
print("this is lost")
