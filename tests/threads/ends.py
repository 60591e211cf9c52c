# How a program with threads ends: an exception, sys.exit, os._exit and signals, in the main thread and in others.
import re
import subprocess
import sys

PROGRAMS = {
    "exception in a thread": "t = Thread(target=lambda: 1 / 0); t.start(); t.join(); print('main goes on')",
    "sys.exit in a thread": "t = Thread(target=sys.exit, args=(5,)); t.start(); t.join(); print('main goes on')",
    "KeyboardInterrupt in a thread": "t = Thread(target=interrupt); t.start(); t.join(); print('main goes on')",
    "os._exit in a thread": "Thread(target=os._exit, args=(6,)).start(); time.sleep(4)",
    "exception in main, a thread runs": "Thread(target=late).start(); raise KeyError('main')",
    "sys.exit in main, a thread runs": "Thread(target=late).start(); sys.exit(7)",
    "sys.exit in main, a daemon runs": "Thread(target=forever, daemon=True).start(); sys.exit(8)",
    "a signal that kills, sent to a thread": (
        "t = Thread(target=forever, daemon=True); t.start(); signal.pthread_kill(t.ident, signal.SIGTERM); time.sleep(4)"
    ),
    "a signal that kills, raised by a thread": "Thread(target=os.kill, args=(os.getpid(), signal.SIGTERM)).start(); time.sleep(4)",
    "a handler that exits, signal sent to a thread": (
        "signal.signal(signal.SIGUSR1, lambda *a: sys.exit(9)); t = Thread(target=forever, daemon=True); t.start();"
        "signal.pthread_kill(t.ident, signal.SIGUSR1); time.sleep(4)"
    ),
    "a handler that raises, main in a loop": (
        "signal.signal(signal.SIGUSR1, fail); Thread(target=os.kill, args=(os.getpid(), signal.SIGUSR1)).start(); forever()"
    ),
    "SIGINT, main waits for a thread": (
        "t = Thread(target=forever, daemon=True); t.start(); Thread(target=os.kill, args=(os.getpid(), signal.SIGINT)).start(); t.join()"
    ),
    "interrupt_main by a thread": "Thread(target=_thread.interrupt_main).start(); time.sleep(4)",
    "exception in atexit beside a daemon": (
        "import atexit; atexit.register(lambda: 1 / 0); Thread(target=forever, daemon=True).start(); print('end')"
    ),
}
HEAD = """
import _thread, os, signal, sys, time
from threading import Thread
def late():
    time.sleep(0.1)
    print('thread is done', flush=True)
def forever():
    while True: pass
def interrupt():
    raise KeyboardInterrupt
def fail(number, frame):
    raise ValueError('from a handler')
"""
for name, program in PROGRAMS.items():
    done = subprocess.run([sys.executable, "-c", HEAD + program], capture_output=True, text=True)
    errors = [line for line in done.stderr.splitlines() if line and not line.startswith((" ", "Traceback"))]
    errors = [re.sub(r"0x[0-9a-f]+|\d+ \(", "N", line) for line in errors]
    print(f"{name}: {done.returncode} {done.stdout.splitlines()} {errors}")
