# A copy of the process has the thread that made it alone; locks that others held are usable again where the library says so.
import os
import sys
import threading
import time
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
# A child would write what waits in the buffer a second time.
sys.stdout.reconfigure(line_buffering=True)


def in_child(action):
    """What a child of this thread writes, and how it ends."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        code = 1
        try:
            os.close(read)
            code = action(write) or 0
        except BaseException as e:
            os.write(write, repr(e).encode())
        finally:
            os._exit(code)
    os.close(write)
    text = b""
    while data := os.read(read, 1000):
        text += data
    os.close(read)
    return text.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def say(write, *what):
    os.write(write, (" ".join(map(str, what)) + ";").encode())


# The end of the child is its own.
print(in_child(lambda write: 7))
print(in_child(lambda write: say(write, os.getppid() == parent))) if (parent := os.getpid()) else None

# What is called around it, and what goes wrong there.
order = []
os.register_at_fork(
    before=lambda: order.append("before 1"),
    after_in_parent=lambda: order.append("parent"),
    after_in_child=lambda: order.append("child"),
)
os.register_at_fork(before=lambda: order.append("before 2"))
print(in_child(lambda write: say(write, order)))
print(order)

# Other threads are gone: joined, no longer alive, their locks free where the library makes them new.
stop = threading.Event()
held = threading.Lock()


def hold():
    with held:
        stop.wait()


thread = threading.Thread(target=hold, name="holder")
thread.start()
while not held.locked():
    time.sleep(0.001)


def look(write):
    say(write, [t.name for t in threading.enumerate()], thread.is_alive(), threading.active_count())
    thread.join()
    say(write, threading.current_thread() is threading.main_thread(), held.acquire(timeout=0.01))
    other = threading.Thread(target=say, args=(write, "a new thread"))
    other.start()
    other.join()
    done = threading.Event()
    threading.Timer(0.01, done.set).start()
    say(write, done.wait(10))


print(in_child(look))

# From another thread: it is the main one in the child.
result = []


def fork_here():
    result.append(in_child(lambda write: say(write, threading.main_thread().name, threading.active_count())))


worker = threading.Thread(target=fork_here, name="worker")
worker.start()
worker.join()
print(result)
stop.set()
thread.join()
print(threading.active_count())

# Values of the thread's own, and a child of the child.
local = threading.local()
local.value = 5


def nested(write):
    say(write, local.value)
    say(write, in_child(lambda inner: say(inner, local.value + 1)))


print(in_child(nested))

# Signals that come to the parent's copy are the child's own business.
import signal

seen = []
signal.signal(signal.SIGUSR1, lambda *args: seen.append(os.getpid() == parent))


def signals(write):
    os.kill(os.getpid(), signal.SIGUSR1)
    say(write, seen)


print(in_child(signals), seen)

# A child that ends by an exception of its own.
pid = os.fork()
if not pid:
    sys.stderr = open(os.devnull, "w")
    raise SystemExit(9)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
