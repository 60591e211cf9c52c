# send and what yield gives back.
def echo():
    received = None
    while True:
        received = yield f"got {received}"
        if received == "stop":
            return "bye"


g = echo()
try:
    g.send("too early")
except TypeError as e:
    print(e)
print(g.send(None))
print(g.send(1), g.send("x"), next(g))
try:
    g.send("stop")
except StopIteration as e:
    print(e.value)
try:
    g.send(1)
except StopIteration as e:
    print("finished", e.value)


def average():
    total = n = 0
    avg = None
    while True:
        v = yield avg
        total += v
        n += 1
        avg = total / n


a = average()
next(a)
print(a.send(10), a.send(20), a.send(60))


def expr():
    x = (yield 1) + (yield 2)
    print("x", x)
    print("args", (yield 3), (yield 4))
    y = [(yield 5), {"k": (yield 6)}]
    return y


g = expr()
sent = None
try:
    while True:
        v = g.send(sent)
        print("yielded", v)
        sent = v * 10
except StopIteration as e:
    print(e.value)


def bare():
    print((yield), (yield))
    yield


g = bare()
next(g), g.send(1), g.send(2)
