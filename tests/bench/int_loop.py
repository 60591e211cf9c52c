"""Integer arithmetic in a while loop."""

import pyperf


def int_loop(n):
    i = total = 0
    while i < n:
        if i % 3 == 0:
            total += i
        else:
            total -= i & 7
        i += 1
    return total


if __name__ == "__main__":
    assert int_loop(10) == 0 + 3 + 6 + 9 - (1 + 2 + 4 + 5 + 7 + 0)
    pyperf.Runner().bench_func("int_loop", int_loop, 300_000)
