"""Arithmetic of integers of 10, 100, 1,000 and 100,000 digits, and their conversion to text and back.

Each operation runs often enough for one loop to last about a millisecond under CPython.
"""

import sys
from itertools import repeat
from time import perf_counter

import pyperf

SIZES = {10: 30_000, 100: 6_000, 1_000: 200, 100_000: 1}


def number(digits, seed):
    """A number of so many digits that look random, the first of them not zero."""
    groups = []
    while len(groups) * 9 < digits:
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
        groups.append("%09d" % (seed >> 35))
    return int("7" + "".join(groups)[1:digits])


def timed(expression, count, names):
    """What pyperf's bench_time_func wants: the time of `loops` loops of `count` operations, without calls around them."""
    source = f"""
def run(loops, {", ".join(names)}):
    began = perf_counter()
    for _ in repeat(None, loops * {count}):
        {expression}
    return perf_counter() - began
"""
    scope = {"perf_counter": perf_counter, "repeat": repeat}
    exec(source, scope)
    return lambda loops: scope["run"](loops, *names.values())


if __name__ == "__main__":
    sys.set_int_max_str_digits(0)
    runner = pyperf.Runner()
    for digits, count in SIZES.items():
        a, b, half = number(digits, 1), number(digits, 2), number(digits // 2, 3)
        text = str(a)
        assert int(text) == a and (a // half) * half + a % half == a
        names = {"a": a, "b": b, "half": half, "text": text, "str": str, "int": int}
        for name, expression in {
            "add": "a + b",
            "subtract": "a - b",
            "multiply": "a * b",
            "divide": "a // half",
            "remainder": "a % half",
            "str": "str(a)",
            "int": "int(text)",
        }.items():
            runner.bench_time_func(f"{name}_{digits}", timed(expression, count, names))
