"""Trains exceptions at several depths, finally, context managers and their stacks."""

import sys
import traceback
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress


class StockError(Exception):
    """Anything wrong with the stock."""

    def __init__(self, item, *, missing=0):
        super().__init__(f"{item}: {missing} missing")
        self.item = item
        self.missing = missing


class Unknown(StockError, LookupError):
    pass


class Stock:
    def __init__(self, amounts):
        self.amounts = dict(amounts)
        self.log = []

    def take(self, item, number):
        try:
            left = self.amounts[item] - number
        except KeyError as error:
            raise Unknown(item, missing=number) from error
        if left < 0:
            raise StockError(item, missing=-left)
        self.amounts[item] = left
        return left

    @contextmanager
    def transaction(self):
        before = self.amounts.copy()
        try:
            yield self
        except StockError:
            self.amounts = before
            self.log.append("back")
            raise
        else:
            self.log.append("done")
        finally:
            self.log.append("end")


class Resource:
    def __init__(self, name, log, swallow=()):
        self.name = name
        self.log = log
        self.swallow = swallow

    def __enter__(self):
        self.log.append(self.name)
        return self

    def __exit__(self, kind, error, trace):
        self.log.append(self.name.upper())
        return kind is not None and issubclass(kind, self.swallow)

    def close(self):
        self.log.append("closed")


def dig(depth, error):
    if depth == 0:
        raise error
    try:
        return dig(depth - 1, error)
    finally:
        depth += 1


def to_number(text):
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return None
    except TypeError:
        return -1


def first_wins(values):
    for value in values:
        try:
            if value % 3 == 0:
                continue
            if value > 40:
                return value
        except TypeError:
            break
        finally:
            values = None
    else:
        return 0
    return -1


def stacked(log, fail):
    with ExitStack() as stack:
        resources = [stack.enter_context(Resource(name, log)) for name in "abc"]
        stack.callback(log.append, "late")
        stack.enter_context(suppress(ZeroDivisionError))
        with closing(Resource("d", log)), nullcontext(fail) as value:
            return 10 // value + len(resources)
    return 0


def grouped(number):
    found = []
    try:
        raise ExceptionGroup("several", [ValueError(number), KeyError("k"), OSError(2, "gone")])
    except* (ValueError, KeyError) as group:
        found.extend(type(error).__name__ for error in group.exceptions)
    except* OSError as group:
        found.append(str(group.exceptions[0].errno))
    return "".join(found)


def chain_length(error):
    length = 0
    while error is not None:
        length += 1
        error = error.__cause__ or error.__context__
    return length


def main(scale):
    total = 0
    kinds = (ValueError, KeyError, IndexError, AttributeError, StopIteration, RuntimeError)
    for seed in range(200 * scale):
        stock = Stock((name, (seed + n * 7) % 20) for n, name in enumerate("pqrs"))
        refused = 0
        for number, item in enumerate("pqrstpqrs"):
            try:
                with stock.transaction():
                    stock.take(item, number)
                    stock.take("p", 1)
            except Unknown as error:
                refused += chain_length(error) * 100
            except StockError as error:
                refused += error.missing
        caught = 0
        for depth, kind in enumerate(kinds):
            try:
                dig(depth * 3, kind(seed))
            except (LookupError, AttributeError) as error:
                caught += error.args[0] % 5 + depth
            except Exception as error:
                caught += len(traceback.extract_tb(error.__traceback__)) if seed % 8 == 0 else depth
        log = []
        with Resource("w", log, (TypeError,)):
            len(seed)
        value = stacked(log, seed % 4)
        numbers = [to_number(text) for text in ("12", "1.5", "x", None, " 7 ", "1e3")]
        with suppress(KeyError, IndexError):
            numbers[seed % 9] = 0
        shown = "".join(traceback.format_exception_only(StockError("tea", missing=seed)))
        figures = (refused, caught, value, sum(filter(None, numbers)), len(grouped(seed)), len(log),
                   first_wins([3, seed % 60, 45]), first_wins([6, None]), len("".join(stock.log)),
                   getattr(seed, "missing", 3), next(iter(()), seed), len(shown))
        for figure in figures:
            total = (total * 71 + int(figure)) % 1_000_003
    print("errors", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
