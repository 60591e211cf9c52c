import threading
import traceback


def hook(args):
    # Without the frames of the library, whose paths differ.
    print("in", args.thread.name)
    traceback.print_exception(args.exc_value, limit=-1)


def work(n):
    return 10 // n


threading.excepthook = hook
thread = threading.Thread(target=work, args=(0,), name="worker")
thread.start()
thread.join()
print("main goes on")
