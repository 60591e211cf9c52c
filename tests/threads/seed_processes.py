# What the lock does not bound: processes, each with an interpreter and a lock of its own, that work at the same time.
import os
import sys


def job(n):
    total = 0
    for i in range(n):
        total += i * i % 3
    return total


# Each tells that it has begun before any of them goes on: they run side by side.
begun, tell_begun = os.pipe()
go, tell_go = os.pipe()
results, tell_result = os.pipe()
children = []
for n in (1000, 2000, 3000):
    pid = os.fork()
    if pid == 0:
        os.write(tell_begun, b".")
        os.read(go, 1)
        os.write(tell_result, f"{n} {job(n)}\n".encode())
        os._exit(0)
    children.append(pid)
met = b""
while len(met) < 3:
    met += os.read(begun, 3)
print(met)
os.write(tell_go, b"123")
print([os.waitpid(pid, 0)[1] for pid in children])
for line in sorted(os.read(results, 1000).decode().splitlines()):
    print(line)
print([job(n) for n in (1000, 2000, 3000)])
