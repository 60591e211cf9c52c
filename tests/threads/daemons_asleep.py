# Daemons that are in the midst of a call when the program ends: what the call owns is given up with them.
import os
import queue
import select
import socket
import subprocess
import threading
import time
import weakref

STARTED = []


def sleep(*args, **names):
    STARTED.append(None)
    time.sleep(100)


class Writer:
    def write(self, text):
        sleep(text)


class Slow:
    def __init__(self, *, after):
        sleep(after)

    def __eq__(self, other):
        sleep(other)

    def __hash__(self):
        return 1

    def __del__(self):
        print("never")


class Meta(type):
    def __new__(meta, *args, **names):
        sleep(names)


class Loud:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        sleep()


class Holder:
    def __init__(self, thing):
        self.first = [thing]
        self.thing = thing


class Dying:
    def __del__(self):
        sleep(self)


def make_class():
    class Made(metaclass=Meta, option=3):
        pass


def generator():
    try:
        yield sleep("in a generator")
    finally:
        print("never")


def handling():
    try:
        raise KeyError("handled")
    except KeyError as error:
        sleep(error)
    finally:
        print("never")


def spin(key):
    while True:
        sorted([3, 2, 1], key=lambda n: (key, n))


def with_dict():
    return {Loud(): 1, **{Loud(): 2}}


held = threading.Lock()
held.acquire()
event = threading.Event()
condition = threading.Condition()
pair = socket.socketpair()
reading, writing = os.pipe()


def wait_in(condition):
    with condition:
        condition.wait(timeout=100)


CALLS = [
    lambda: sleep(1, two=2),
    lambda: sleep(*[1, 2], **{"three": 3}),
    lambda: held.acquire(blocking=True, timeout=100),
    lambda: held.acquire(**{"timeout": 100}),
    lambda: event.wait(timeout=100),
    lambda: wait_in(condition),
    lambda: queue.Queue().get(block=True, timeout=100),
    lambda: sorted([3, 2], key=sleep, reverse=True),
    lambda: max([3, 2], key=sleep),
    lambda: list(map(sleep, [1, 2])),
    lambda: [sleep(n) for n in [1, 2]],
    lambda: print(1, end="", file=Writer()),
    lambda: dict(a=[1], b=Slow(after=[3])),
    lambda: Slow.__new__(Slow) in [Slow.__new__(Slow)],
    lambda: make_class(),
    lambda: with_dict(),
    lambda: next(generator()),
    lambda: [Dying()].clear(),
    lambda: [[Dying()]] and 3,
    lambda: Holder(Dying()) and 3,
    lambda: weakref.ref(Loud(), sleep),
    lambda: handling(),
    lambda: spin(["spin"]),
    lambda: f"{sleep('a')}{[]}",
    lambda: pair[0].recv(10),
    lambda: pair[1].recv_into(bytearray(10), 5),
    lambda: select.select([reading], [], []),
    lambda: os.read(reading, 10),
    lambda: open(reading, "rb", closefd=False).read(),
    lambda: subprocess.run(["sleep", "1"], timeout=100),
]
threads = [threading.Thread(target=call, daemon=True) for call in CALLS]
for thread in threads:
    thread.start()
while len(STARTED) < 18:
    time.sleep(0.01)
time.sleep(0.2)
print("asleep", sum(thread.is_alive() for thread in threads) == len(CALLS))
