"""Arenas of 256 KiB, pools of 4 KiB with blocks of one size, large blocks apart: what the map shows of a program's objects."""

import heap
import sys


def pool_of(address):
    for arena in heap.map()[0]:
        for pool in arena.pools:
            if pool.domain is not None and address in range(pool.address, pool.address + 4096):
                return arena, pool
    return None


class Point:
    __slots__ = ("x", "y")


points = [Point() for _ in range(500)]
arena, pool = pool_of(id(points[400]))
assert arena.address % (256 * 1024) == 0 and arena.address <= pool.address < arena.address + 256 * 1024
assert pool.address % 4096 == 0
assert pool.block_size == heap.size(points[400]) == sys.getsizeof(points[400])

# Neighbours of one size share a pool.
neighbours = [id(p) for p in points if pool.address < id(p) < pool.address + 4096]
assert len(neighbours) > 50

# A block that is given back to the pool in use is the next one handed out.
freed = id(Point())
assert id(Point()) == freed

# At most 512 bytes come from pools, more from the raw domain.
small, large = b"x" * 400, b"x" * 600
assert pool_of(id(small)) is not None
assert pool_of(id(large)) is None

# An arena that is empty goes back to the system.
before = heap.stats()
many = [[] for _ in range(200_000)]
during = heap.stats()
assert during["arenas"] - before["arenas"] >= 200_000 * 48 // (256 * 1024)
del many
after = heap.stats()
assert after["arenas"] <= before["arenas"] + 2
assert during["held"] - after["held"] > 9_000_000
# sweep: not malloc (there are no pools of many blocks then)
