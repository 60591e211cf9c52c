# SystemExit ends a thread in silence; other exceptions are shown; the main thread's own end decides the exit code.
import sys
import threading
import _thread


def leave():
    sys.exit(5)


def fail():
    raise KeyError("in a thread")


sys.unraisablehook = lambda args: print("unraisable", args.err_msg.split(" <")[0], repr(args.exc_value))
own = threading.excepthook
threading.excepthook = lambda args: print("uncaught", args.thread.name, repr(args.exc_value))
own(threading.ExceptHookArgs((ValueError, ValueError("shown"), None, threading.current_thread())))
for target in (leave, fail):
    t = threading.Thread(target=target, name=target.__name__)
    t.start()
    t.join()
done = threading.Event()


def raw():
    try:
        raise ValueError("raw")
    finally:
        done.set()


_thread.start_new_thread(raw, ())
done.wait()
while _thread._count():
    pass
print(threading.active_count())
sys.exit(3)
