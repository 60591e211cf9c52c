"""What is printed cannot be written at once; the same line is tried again at the end."""

import os

os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
try:
    print("lost", flush=True)
except OSError as error:
    os.write(2, f"{error}\n".encode())
raise SystemExit(3)
