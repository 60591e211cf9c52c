# One lock for the interpreter: one thread runs Python code at a time, and waiting lets others run.
import sys
import threading
import time

print(sys._is_gil_enabled())
running = []
most = 0


def work():
    global most
    for _ in range(2000):
        running.append(None)
        # Between these lines the lock may change hands, but the list is never seen half changed.
        most = max(most, len(running))
        running.pop()


threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(running), 1 <= most <= 4)

# Waiting is done without the lock: four sleeps take the time of one.
start = time.monotonic()
threads = [threading.Thread(target=time.sleep, args=(0.2,)) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(time.monotonic() - start < 0.7)
