"""Float arithmetic: the logistic map."""

import pyperf


def float_loop(n):
    x = 0.5
    total = 0.0
    for _ in range(n):
        x = 3.7 * x * (1.0 - x)
        total = total + x / 2.0 - 0.125
    return total


if __name__ == "__main__":
    assert 0 < float_loop(100) < 100
    pyperf.Runner().bench_func("float_loop", float_loop, 300_000)
