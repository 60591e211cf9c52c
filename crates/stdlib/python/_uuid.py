"""Identifiers made of the time and a node number that is drawn once for a process (RFC 9562, version 1)."""

import time
from os import urandom

has_uuid_generate_time_safe = 1
has_stable_extractable_node = False

_UNSAFE = -1
_FROM_1582 = 0x01B21DD213814000
_node = None
_sequence = 0
_last = 0


def generate_time_safe():
    """The bytes of a new identifier, and that no other process was asked whether it has the same."""
    global _node, _sequence, _last
    if _node is None:
        drawn = urandom(8)
        # The bit of group addresses says that the number is no card's.
        _node = bytes([drawn[0] | 1]) + drawn[1:6]
        _sequence = int.from_bytes(drawn[6:]) & 0x3FFF
    now = time.time_ns() // 100 + _FROM_1582
    _last = now = max(now, _last + 1)
    low = (now & 0xFFFFFFFF).to_bytes(4)
    middle = (now >> 32 & 0xFFFF).to_bytes(2)
    high = (now >> 48 & 0x0FFF | 0x1000).to_bytes(2)
    return low + middle + high + (_sequence | 0x8000).to_bytes(2) + _node, _UNSAFE
