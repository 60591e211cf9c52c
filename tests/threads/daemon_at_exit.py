# Threads that are no daemons are waited for at the end; daemons stop where they are.
import atexit
import threading
import time


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)


def wait_for_ever(lock, thing):
    held = [thing, lock]
    lock.acquire()
    print("never", held)


def spin(thing):
    while True:
        pass


def slow():
    time.sleep(0.05)
    print("slow ends")


lock = threading.Lock()
lock.acquire()
threading.Thread(target=wait_for_ever, args=(lock, Loud("waiting")), daemon=True).start()
threading.Thread(target=spin, args=([1, 2],), daemon=True).start()
threading.Thread(target=lambda: time.sleep(1000), daemon=True).start()
threading.Thread(target=slow).start()
atexit.register(lambda: print("at exit", threading.active_count()))
print("main ends", threading.active_count())
