# A thousand threads; names that the system sees; sizes of stacks; the hook for what a thread does not handle.
import sys
import threading

# A thousand stacks of the usual size are more address space than the test run allows.
threading.stack_size(1 << 20)
gate = threading.Barrier(1001)
total = []


def wait(n):
    gate.wait()
    total.append(n)


threads = [threading.Thread(target=wait, args=(n,)) for n in range(1000)]
for thread in threads:
    thread.start()
print(threading.active_count())
gate.wait()
for thread in threads:
    thread.join()
threading.stack_size(0)
print(len(total), sorted(total) == list(range(1000)), threading.active_count())


def own_name(names):
    with open(f"/proc/self/task/{threading.get_native_id()}/comm") as file:
        names.append(file.read())


for name in ("plain", "a name that is longer than the system's", "mit Umlaut äöü€", ""):
    names = []
    thread = threading.Thread(target=own_name, args=(names,), name=name)
    thread.start()
    thread.join()
    print(repr(thread.name), names if name else "")

renamed = []


def rename():
    threading.current_thread().name = "another"
    own_name(renamed)


thread = threading.Thread(target=rename)
thread.start()
thread.join()
print(renamed, thread.name)

# Stacks.
print(threading.stack_size(), threading.stack_size(1 << 20), threading.stack_size())
for size in (-1, 1, 4095):
    try:
        threading.stack_size(size)
    except ValueError as e:
        print(e)


def deep(n):
    return n and 1 + deep(n - 1)


results = []
thread = threading.Thread(target=lambda: results.append(deep(500)))
thread.start()
thread.join()
print(results, threading.stack_size(0))

# What nobody handles.
hooked = []
threading.excepthook = lambda args: hooked.append((args.exc_type, str(args.exc_value), args.thread.name))


def fails():
    raise ValueError("in a thread")


thread = threading.Thread(target=fails, name="failing")
thread.start()
thread.join()
print(hooked, threading.excepthook is threading.__excepthook__)


def bad_hook(args):
    raise KeyError("in the hook")


threading.excepthook = bad_hook
sys.excepthook = lambda kind, value, trace: print("sys.excepthook", kind.__name__, value)
thread = threading.Thread(target=fails)
thread.start()
thread.join()
threading.excepthook = threading.__excepthook__
thread = threading.Thread(target=sys.exit, args=("quietly",))
thread.start()
thread.join()
print(len({threading.get_ident(), threading.main_thread().ident}), threading.main_thread().native_id == threading.get_native_id())
