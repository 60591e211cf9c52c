# Tracing and profiling functions belong to a thread; threading's own are given to threads that start later, or to all.
import sys
import threading

seen = []


def tracer(tag):
    def trace(frame, event, arg):
        name = frame.f_code.co_name
        if name in ("plain", "inner"):
            seen.append((tag, threading.current_thread().name, event, name, frame.f_lineno - frame.f_code.co_firstlineno))
        return trace

    return trace


def plain():
    inner()
    return 1


def inner():
    pass


def in_thread(name, function=plain):
    thread = threading.Thread(target=function, name=name)
    thread.start()
    thread.join()


def show(what):
    print(what)
    for entry in seen:
        print("   ", *entry)
    seen.clear()


# sys.settrace is for this thread alone.
first = tracer("sys")
sys.settrace(first)
in_thread("untraced")
plain()
print(sys.gettrace() is first, threading.gettrace())
sys.settrace(None)
show("sys.settrace")

# threading.settrace is for those that start later, not for this one.
threading.settrace(tracer("threading"))
plain()
in_thread("traced")
print(threading.gettrace() is not None, sys.gettrace())
threading.settrace(None)
in_thread("untraced again")
show("threading.settrace")

# Profiling.
threading.setprofile(tracer("profile"))
in_thread("profiled")
threading.setprofile(None)
print(threading.getprofile(), sys.getprofile())
show("threading.setprofile")

# For all threads at once, those that run already too.
begin, go, done = threading.Event(), threading.Event(), []


def waits():
    begin.set()
    go.wait()
    plain()
    done.append(sys.getprofile() is not None)


thread = threading.Thread(target=waits, name="running")
thread.start()
begin.wait()
threading.setprofile_all_threads(tracer("all"))
print(sys.getprofile() is not None)
go.set()
thread.join()
threading.setprofile_all_threads(None)
print(done, sys.getprofile(), threading.getprofile())
show("threading.setprofile_all_threads")
begin.clear(), go.clear(), done.clear()


def waits_again():
    begin.set()
    go.wait()
    plain()
    done.append(sys.gettrace() is not None)


thread = threading.Thread(target=waits_again, name="running")
thread.start()
begin.wait()
threading.settrace_all_threads(tracer("all"))
go.set()
thread.join()
threading.settrace_all_threads(None)
print(done, sys.gettrace(), threading.gettrace())
show("threading.settrace_all_threads")
