# threading: Thread, join, Event, local, Condition.
import threading

results = []


def work(n):
    results.append(n * n)


threads = [threading.Thread(target=work, args=(i,), name=f"w{i}") for i in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(results), threads[0].name, threads[0].is_alive(), threading.main_thread().name)
event = threading.Event()
log = []


def waiter():
    event.wait()
    log.append("woken")


w = threading.Thread(target=waiter)
w.start()
event.set()
w.join()
print(log, event.is_set())
local = threading.local()
local.x = "main"
seen = []


def use_local():
    seen.append(hasattr(local, "x"))
    local.x = "thread"


t = threading.Thread(target=use_local)
t.start()
t.join()
print(seen, local.x)
count = 0
lock = threading.Lock()


def add():
    global count
    for _ in range(1000):
        with lock:
            count += 1


ts = [threading.Thread(target=add) for _ in range(4)]
[t.start() for t in ts]
[t.join() for t in ts]
print(count)
