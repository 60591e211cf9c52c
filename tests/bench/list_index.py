"""Reading and writing list items by index: a sieve."""

import pyperf


def sieve(n):
    flags = [True] * (n + 1)
    flags[0] = flags[1] = False
    i = 2
    while i * i <= n:
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = False
        i += 1
    count = 0
    for i in range(n + 1):
        if flags[i]:
            count += 1
    return count


if __name__ == "__main__":
    assert sieve(100) == 25
    pyperf.Runner().bench_func("list_index", sieve, 200_000)
