# Sixteen threads that compute use one processor: the lock lets only one of them run Python code at any moment.
import sys
import threading
import time

go = threading.Event()
done = []


def work():
    go.wait()
    total = 0
    for i in range(40_000):
        total += i % 7
    done.append(total)


threads = [threading.Thread(target=work) for _ in range(16)]
for t in threads:
    t.start()
cpu, wall = time.process_time(), time.monotonic()
go.set()
for t in threads:
    t.join()
cpu, wall = time.process_time() - cpu, time.monotonic() - wall
print(len(done), set(done) == {sum(i % 7 for i in range(40_000))})
# On two processors or more, threads that ran side by side would use more of them than time goes by.
print(cpu <= wall * 1.25 + 0.05 or (cpu, wall))
print(sys._is_gil_enabled())
