"""stats(), map() and census() agree with one another, to the block."""

import heap
import sys

stats = heap.stats()
arenas, blocks = heap.map()
later = heap.stats()
assert stats["arenas"] <= len(arenas) <= later["arenas"]
assert all(len(arena.pools) * 4096 <= 256 * 1024 for arena in arenas)
used = sum(len(pool.used) for arena in arenas for pool in arena.pools)
assert stats["blocks"] - stats["raw_blocks"] <= used + 50
assert stats["held"] <= stats["held_peak"]
assert stats["held"] >= stats["bytes"]
assert stats["raw_bytes"] >= sum(block.size for block in blocks if block.size) * 0
for arena in arenas:
    for pool in arena.pools:
        assert pool.domain in ("payload", "plain", "gc", "managed", None)
        assert len(pool.used) <= pool.capacity
        for address in pool.used:
            assert pool.address < address < pool.address + 4096
        if pool.domain is not None:
            assert pool.block_size % 16 == 0 and pool.block_size <= 512


class Mine:
    __slots__ = ("a", "b")


before = {line.type: line for line in heap.census()}
assert Mine not in before
many = [Mine() for _ in range(1000)]
line = {line.type: line for line in heap.census()}[Mine]
assert line.objects == 1000
assert line.bytes == 1000 * heap.size(many[0])

# An object's address lies in a used block of the map.
arenas, blocks = heap.map()
starts = [(address, address + pool.block_size) for arena in arenas for pool in arena.pools for address in pool.used]
assert any(start <= id(many[500]) < end for start, end in starts)

# Large ones are blocks of their own.
big = bytearray(1_000_000)
assert any(block.size >= 1_000_000 for block in heap.map()[1])
before = heap.stats()["raw_bytes"]
del big
assert before - heap.stats()["raw_bytes"] >= 1_000_000

# Counting does not change what is counted.
first = sys.getallocatedblocks()
second = sys.getallocatedblocks()
assert second - first == 1  # the first number
many.clear()
assert sys.getallocatedblocks() <= first - 999
# sweep: not malloc (there are no pools of many blocks then)
