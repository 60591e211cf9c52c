# An uncaught exception in a thread goes to threading.excepthook; the program goes on.
import threading


def fail():
    raise ValueError("in thread")


def hook(args):
    print(args.exc_type.__name__, args.exc_value, args.thread.name)


threading.excepthook = hook
t = threading.Thread(target=fail, name="failing")
t.start()
t.join()
print("main goes on")
