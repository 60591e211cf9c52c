# Threads through _thread: start, lock, ident.
import _thread
import time

lock = _thread.allocate_lock()
done = []


def work(n, factor=1):
    with lock:
        done.append(n * factor)


for i in range(5):
    _thread.start_new_thread(work, (i,), {"factor": 10})
while len(done) < 5:
    time.sleep(0.001)
print(sorted(done), lock.locked())
print(lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(timeout=0.01))
lock.release()
try:
    lock.release()
except RuntimeError as e:
    print(e)
print(isinstance(_thread.get_ident(), int), type(lock).__name__)
r = _thread.RLock()
print(r.acquire(), r.acquire())
r.release()
r.release()
try:
    r.release()
except RuntimeError as e:
    print(e)
