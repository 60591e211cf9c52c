# threading.local: a dict for each thread; __init__ in each; values go with the thread, or with the object.
import gc
import threading
import weakref


class Value:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)


class Own(threading.local):
    kind = "class"
    __slots__ = ("slot",)

    def __init__(self, start):
        self.value = start
        print("init", threading.current_thread().name, start)

    @property
    def double(self):
        return self.value * 2


own = Own(4)
own.slot = "shared"


def look():
    print(own.value, own.double, own.kind, own.slot, own.__dict__)
    own.value = 10
    own.kept = Value("of thread")
    print(own.__dict__.keys())


t = threading.Thread(target=look, name="other")
t.start()
t.join()
print("joined", own.value, own.__dict__)
local = threading.local()
value = Value("in cycle")
value.local = local
local.value = value
watch = weakref.ref(local)
del value, local
gc.collect()
print(watch())
try:
    own.nothing
except AttributeError as e:
    print(e)
try:
    del own.value, own.value
except AttributeError as e:
    print(e)
try:
    threading.local(1)
except TypeError as e:
    print(e)
