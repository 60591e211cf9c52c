# Each thread has a context of its own; copies are cheap and independent; tokens set values back.
import contextvars
import threading

var = contextvars.ContextVar("var", default="nothing")
plain = contextvars.ContextVar("plain")
print(var.get(), plain.get("given"))
try:
    plain.get()
except LookupError as e:
    print(e.args[0] is plain)
token = var.set("main")
print(token.var is var, token.old_value is contextvars.Token.MISSING)


def look(name):
    print(name, var.get())
    var.set(name)
    print(name, var.get(), len(contextvars.copy_context()))


for i in range(2):
    t = threading.Thread(target=look, args=(f"thread {i}",))
    t.start()
    t.join()
print(var.get())
copy = contextvars.copy_context()
copy.run(look, "copy")
print(var.get(), copy[var], var in copy, list(copy.items()) == [(var, "copy")])
t = threading.Thread(target=copy.run, args=(look, "copy in a thread"))
t.start()
t.join()
print(copy.get(var), var.get())
entered = threading.Event()
go = threading.Event()


def hold():
    entered.set()
    go.wait()


t = threading.Thread(target=copy.run, args=(hold,))
t.start()
entered.wait()
try:
    copy.run(print, "no")
except RuntimeError as e:
    print(str(e).split(":")[0])
go.set()
t.join()
copy.run(print, "yes")
with var.set("inner"):
    print(var.get())
print(var.get())
var.reset(token)
print(var.get())
for wrong in (lambda: var.reset(token), lambda: plain.reset(token), lambda: plain.reset(1), lambda: copy.run(var.reset, var.set(1))):
    try:
        wrong()
    except (RuntimeError, ValueError, TypeError) as e:
        print(type(e).__name__)
