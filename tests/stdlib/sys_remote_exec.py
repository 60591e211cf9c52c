# sys.remote_exec in this very process, audit hooks, and the flags of dlopen.
import os
import sys
import tempfile

assert sys.is_remote_debug_enabled()


def run(text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "script.py")
        with open(path, "w") as script:
            script.write(text)
        print(sys.remote_exec(os.getpid(), path))
        return path


run("print('in the script', sorted(globals()))")

hooked = []
sys.unraisablehook = lambda args: hooked.append((args.exc_type.__name__, str(args.exc_value), args.err_msg))
path = run("raise ValueError('no')")
assert hooked == [("ValueError", "no", f"Error executing debugger script {path}")], hooked
hooked.clear()
run("this is no code")
print(hooked[0][:2])

for arguments in [(0, None), (0, 123), ("x", "y"), (1.5, "a"), (2**40, "a"), (os.getpid(), "no such script")]:
    try:
        sys.remote_exec(*arguments)
    except (TypeError, OverflowError, OSError) as e:
        print(type(e).__name__, e)

events = []
sys.addaudithook(lambda event, args: event.startswith(("mine", "sys.remote", "cpython.remote")) and events.append(event))
run("print('audited')")
sys.audit("mine.event", 1, 2)
print(events)


def refuse(event, args):
    if event == "mine.other":
        raise KeyError(args)


sys.addaudithook(refuse)
try:
    sys.audit("mine.other", 3)
except KeyError as e:
    print("refused", e)
for arguments in [(), (1,)]:
    try:
        sys.audit(*arguments)
    except TypeError as e:
        print(e)

flags = sys.getdlopenflags()
sys.setdlopenflags(flags + 1)
print(sys.getdlopenflags() - flags)
sys.setdlopenflags(flags)
