# A signal reaches the main thread wherever it is: in a lock, a join, a sleep, a queue, a loop.
import _thread
import queue
import signal
import threading
import time

lock = threading.Lock()
lock.acquire()
seen = []


def handler(number, frame):
    seen.append((number, threading.current_thread() is threading.main_thread()))
    raise InterruptedError(signal.Signals(number).name)


signal.signal(signal.SIGUSR1, handler)


def later(call):
    def run():
        time.sleep(0.05)
        call()

    t = threading.Thread(target=run)
    t.start()
    return t


forever = threading.Thread(target=lock.acquire, daemon=True)
forever.start()


def loop():
    while True:
        pass


for name, wait in [
    ("lock", lock.acquire),
    ("lock with timeout", lambda: lock.acquire(timeout=30)),
    ("join", forever.join),
    ("sleep", lambda: time.sleep(30)),
    ("queue", queue.SimpleQueue().get),
    ("event", threading.Event().wait),
    ("loop", loop),
]:
    t = later(lambda: signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1))
    try:
        wait()
    except InterruptedError as e:
        print(name, e)
    t.join()
print(seen)
t = later(_thread.interrupt_main)
try:
    loop()
except KeyboardInterrupt:
    print("KeyboardInterrupt")
t.join()
