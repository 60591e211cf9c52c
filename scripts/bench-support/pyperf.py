"""A small stand-in for pyperf: just what pyperformance's programs call.

It needs no module but sys and time, so that a young interpreter can run it. Every benchmark is
calibrated (loops doubled until one run lasts MIN_TIME) and then timed RUNS times; one line of
JSON per benchmark goes to standard output:

    {"name": "nbody", "seconds": 0.0712, "loops": 2, "rss_kib": 10240}

`seconds` is the least time per loop. Options: `--once` runs one loop, untimed calibration left out.
"""

import sys
from time import perf_counter

MIN_TIME = 0.2
RUNS = 4


class Namespace:
    """The parsed options as attributes."""


class ArgumentParser:
    """The part of argparse.ArgumentParser which benchmark programs use."""

    def __init__(self):
        self.options = {}
        self.positionals = []

    def add_argument(self, *names, type=str, default=None, nargs=None, choices=None, action=None, **ignored):
        dest = names[-1].lstrip("-").replace("-", "_")
        entry = {"dest": dest, "type": type, "default": default, "choices": choices, "flag": action == "store_true"}
        if entry["flag"]:
            entry["default"] = False
        if names[0][0] != "-":
            self.positionals.append(entry)
        for name in names:
            self.options[name] = entry

    def parse(self, words):
        result = Namespace()
        for entry in self.options.values():
            setattr(result, entry["dest"], entry["default"])
        waiting = list(self.positionals)
        words = list(words)
        while words:
            word = words.pop(0)
            name, equals, value = word.partition("=")
            if name[:1] == "-":
                if name not in self.options:
                    raise SystemExit("unknown option: " + name)
                entry = self.options[name]
                if entry["flag"]:
                    setattr(result, entry["dest"], True)
                    continue
                if not equals:
                    value = words.pop(0)
            elif waiting:
                entry, value = waiting.pop(0), word
            else:
                raise SystemExit("unexpected argument: " + word)
            value = entry["type"](value)
            if entry["choices"] is not None and value not in entry["choices"]:
                raise SystemExit("invalid choice: " + repr(value))
            setattr(result, entry["dest"], value)
        return result


def peak_rss_kib():
    """The peak resident memory of this process, or None where the system does not tell."""
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return None


class Runner:
    def __init__(self, add_cmdline_args=None, **ignored):
        self.argparser = ArgumentParser()
        self.argparser.add_argument("--once", action="store_true")
        self.metadata = {}
        self.args = None

    def parse_args(self, args=None):
        if self.args is None:
            self.args = self.argparser.parse(sys.argv[1:] if args is None else args)
        return self.args

    def _measure(self, name, timed, inner_loops):
        once = self.parse_args().once
        loops = 1
        spent = timed(loops)
        best = spent
        if not once:
            while spent < MIN_TIME and loops < 1 << 24:
                loops = loops * 2 if spent > MIN_TIME / 16 else loops * 8
                spent = timed(loops)
            best = spent / loops
            for _ in range(RUNS - 1):
                best = min(best, timed(loops) / loops)
        rss = peak_rss_kib()
        fields = [
            '"name": "%s"' % name,
            '"seconds": %r' % (best / (inner_loops or 1)),
            '"loops": %d' % loops,
            '"rss_kib": %s' % ("null" if rss is None else rss),
        ]
        print("{" + ", ".join(fields) + "}", flush=True)

    def bench_time_func(self, name, func, *args, inner_loops=None, metadata=None):
        self._measure(name, lambda loops: func(loops, *args), inner_loops)

    def bench_func(self, name, func, *args, inner_loops=None, metadata=None):
        def timed(loops):
            rounds = range(loops)
            start = perf_counter()
            for _ in rounds:
                func(*args)
            return perf_counter() - start

        self._measure(name, timed, inner_loops)

    def bench_async_func(self, name, func, *args, inner_loops=None, metadata=None, loop_factory=None):
        import asyncio

        async def rounds(loops):
            start = perf_counter()
            for _ in range(loops):
                await func(*args)
            return perf_counter() - start

        def timed(loops):
            with asyncio.Runner(loop_factory=loop_factory) as runner:
                return runner.run(rounds(loops))

        self._measure(name, timed, inner_loops)


def python_implementation():
    """The name of the interpreter."""
    return sys.implementation.name
