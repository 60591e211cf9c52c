"""For every object that the collector watches, the places found are as many as its count."""

import gc
import heap
import sys
import json
import re


def check(objects):
    for thing in objects:  # what is called here is held by its own call
        if sys._is_immortal(thing) or any(thing is f for f in (sys.getrefcount, heap.holders)):
            continue
        counted = sys.getrefcount(thing)
        found = heap.holders(thing)
        total = sum(h.count for h in found)
        assert total == counted, (type(thing), counted, total)
        assert not any(h.kind == "native" for h in found), type(thing)


everything = gc.get_objects()
step = len(everything) // 60 + 1
check(everything[::step])
check([everything, json.dumps, re.compile("a+"), sys.modules, check, type(check)])
assert heap.audit() == []
