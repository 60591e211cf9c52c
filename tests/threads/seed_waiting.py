# The lock is no burden for what waits: threads that read pipes, sockets, files and processes wait side by side, and so
# does one that computes.
import os
import select
import socket
import subprocess
import sys
import threading
import time

stop = False
answers = {}


def compute():
    while not stop:
        sum(range(1000))


def timed(name, wait):
    start = time.monotonic()
    answer = wait()
    answers[name] = answer, time.monotonic() - start


def read_pipe():
    r, w = os.pipe()
    threading.Timer(0.3, os.write, (w, b"pipe")).start()
    got = os.read(r, 10)
    os.close(r)
    os.close(w)
    return got


def read_socket():
    a, b = socket.socketpair()
    with a, b:
        threading.Timer(0.3, b.send, (b"socket",)).start()
        return a.recv(10)


def selected():
    r, w = os.pipe()
    threading.Timer(0.3, os.write, (w, b"x")).start()
    ready = select.select([r], [], [], 10)[0] == [r]
    os.close(r)
    os.close(w)
    return ready


def process():
    code = "import time; time.sleep(0.3); print('process')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True).stdout


def lock():
    held = threading.Lock()
    held.acquire()
    threading.Timer(0.3, held.release).start()
    return held.acquire(timeout=10)


computing = threading.Thread(target=compute)
computing.start()
start = time.monotonic()
waits = [("pipe", read_pipe), ("socket", read_socket), ("select", selected), ("process", process), ("lock", lock)]
waits += [(f"sleep {n}", lambda: time.sleep(0.3)) for n in range(8)]
threads = [threading.Thread(target=timed, args=wait) for wait in waits]
for t in threads:
    t.start()
for t in threads:
    t.join()
took = time.monotonic() - start
stop = True
computing.join()
for name, _ in waits:
    print(name, answers[name][0], 0.29 < answers[name][1])
# One after the other they would take almost four seconds.
print(took < 3 or took)
