# Reports of fatal signals, of signals that ask for one, and of calls that take too long.
import os
import re
import signal
import subprocess
import sys

PRELUDE = "import faulthandler, os, signal, sys, threading, time\n"


def run(text, *options):
    done = subprocess.run([sys.executable, *options, "-c", PRELUDE + text], capture_output=True, text=True)
    shown = re.sub(r"0x[0-9a-f]{16}( \[.*?\])?", "ID", done.stderr)
    print(done.returncode)
    if shown.startswith("Traceback"):
        print(shown.splitlines()[-1])
        return
    print(shown.partition("\nCurrent thread's C stack")[0])


FUNCTIONS = """
def inner():
    {}
def outer():
    inner()
outer()
"""
run("faulthandler.enable(c_stack=False)" + FUNCTIONS.format("faulthandler._sigsegv()"))
run("faulthandler.enable(all_threads=False)" + FUNCTIONS.format("os.kill(os.getpid(), signal.SIGFPE)"))
run(FUNCTIONS.format("os.kill(os.getpid(), signal.SIGILL)"), "-X", "faulthandler")
run("faulthandler.enable(); print(faulthandler.is_enabled(), faulthandler.disable(), faulthandler.disable())\nos.abort()")
run(
    "faulthandler.register(signal.SIGUSR1, chain=True)\nsignal.signal(signal.SIGUSR2, lambda *a: print('handler', file=sys.stderr))\n"
    "faulthandler.register(signal.SIGUSR2, all_threads=False, chain=True)"
    + FUNCTIONS.format("signal.raise_signal(signal.SIGUSR2); print(faulthandler.unregister(signal.SIGUSR2), file=sys.stderr)")
)
run("faulthandler.dump_traceback_later(0.2)" + FUNCTIONS.format("time.sleep(1)"))
run("faulthandler.dump_traceback_later(0.2, exit=True)" + FUNCTIONS.format("time.sleep(5)"))
for number in (signal.SIGSEGV, 0, 1000):
    run(f"faulthandler.register({int(number)})")
run("faulthandler.dump_traceback_later(0)")
run("sys.stderr = None; faulthandler.enable()")
