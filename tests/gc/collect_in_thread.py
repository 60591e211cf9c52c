# Collections run in whatever thread asks.
import gc
import threading

gc.disable()
gc.collect()


class A:
    def __init__(self):
        self.me = self

    def __del__(self):
        names.append(threading.current_thread().name)


names = []
A()
t = threading.Thread(target=gc.collect, name="worker")
t.start()
t.join()
print(names)
A()
gc.collect()
print(names)
