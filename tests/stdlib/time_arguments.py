# Times and timeouts that functions of several modules take: what fits, how it is rounded, what is refused.
import os
import select
import signal
import socket
import tempfile
import threading
import time


def tell(label, call):
    try:
        result = call()
    except Exception as e:
        print(label, type(e).__name__, e)
    else:
        print(label, "ok" if result is None else result)


WRONG = (1e20, 10**20, 2**63, float("nan"), float("inf"), -1e20, -10**20, -float("inf"), "x", 1j)
for value in WRONG:
    tell(f"sleep {value!r}", lambda: time.sleep(value))
    tell(f"lock {value!r}", lambda: threading.Lock().acquire(True, value))
    tell(f"gmtime {value!r}", lambda: time.gmtime(value))
    tell(f"select {value!r}", lambda: select.select([], [], [], value))
    tell(f"poll {value!r}", lambda: select.poll().poll(value))
    tell(f"sigtimedwait {value!r}", lambda: signal.sigtimedwait([], value))
    tell(f"setitimer {value!r}", lambda: signal.setitimer(signal.ITIMER_REAL, value))
    with socket.socket() as s:
        tell(f"settimeout {value!r}", lambda: s.settimeout(value))

for value in (-1, -1.5):
    tell(f"sleep {value}", lambda: time.sleep(value))
    tell(f"lock {value}", lambda: threading.Lock().acquire(True, value))
    tell(f"select {value}", lambda: select.select([], [], [], value))
    tell(f"sigtimedwait {value}", lambda: signal.sigtimedwait([], value))
    tell(f"setitimer {value}", lambda: signal.setitimer(signal.ITIMER_REAL, value))
    with socket.socket() as s:
        tell(f"settimeout {value}", lambda: s.settimeout(value))
tell("poll too large", lambda: select.poll().poll(2**31))

with socket.socket() as s:
    for value in (0.5, 1e-10, 1.9999999999, 3, 1234567.891):
        s.settimeout(value)
        print(value, s.gettimeout())
for value in (-0.5, -2.75, 0.9999999999, 2**31 + 0.5, True):
    print(value, time.gmtime(value)[:6])

clock = time.pthread_getcpuclockid(threading.get_ident())
print(type(clock), clock != time.CLOCK_THREAD_CPUTIME_ID, time.clock_gettime(clock) <= time.clock_gettime(clock))
for value in ("x", 1.5):
    tell(f"clock of {value!r}", lambda: time.pthread_getcpuclockid(value))
