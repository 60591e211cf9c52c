import sys
import threading


def hook(args):
    print("hook:", args.exc_type.__name__, args.exc_value, args.thread.name, file=sys.stderr)


threading.excepthook = hook
thread = threading.Thread(target=lambda: {}["key"], name="worker")
thread.start()
thread.join()
threading.excepthook = threading.__excepthook__
thread = threading.Thread(target=sys.exit, args=("not shown",))
thread.start()
thread.join()
raise LookupError("at the end")
