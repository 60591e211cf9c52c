# oracle: 3.13
# A thread owns its target and arguments until it has ended.
import sys
import threading


class T:
    pass


t = T()
base = sys.getrefcount(t)
seen = []
gate = threading.Event()


def work(x):
    seen.append(sys.getrefcount(x) - base)
    gate.wait()


thread = threading.Thread(target=work, args=(t,))
print("made", sys.getrefcount(t) - base)
thread.start()
gate.set()
thread.join()
print("joined", sys.getrefcount(t) - base, seen[0] > 0)
local = threading.local()
local.x = t
print("local", sys.getrefcount(t) - base)
del local
print("end", sys.getrefcount(t) - base)
