# Two threads that compute share the processor; one that sleeps is served in between.
import sys
import threading
import time

print(sys.getswitchinterval())
counts = [0, 0]
stop = False


def compute(i):
    n = 0
    while not stop:
        n += 1
    counts[i] = n


threads = [threading.Thread(target=compute, args=(i,)) for i in range(2)]
for t in threads:
    t.start()
began = time.monotonic()
naps = 0
while time.monotonic() - began < 0.5:
    time.sleep(0.001)
    naps += 1
stop = True
for t in threads:
    t.join()
share = counts[0] / sum(counts)
print(0.3 < share < 0.7, naps >= 10)
sys.setswitchinterval(0.25)
print(sys.getswitchinterval())
for wrong in (0, -1, "1"):
    try:
        sys.setswitchinterval(wrong)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
