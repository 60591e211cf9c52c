# A comparison that changes the dict it is looked up in.
import functools


@functools.lru_cache(maxsize=10)
def same(x):
    return x


class Double:
    def __init__(self, x):
        self.x = x

    def __hash__(self):
        return self.x

    def __eq__(self, other):
        if self.x == 2:
            same(Double(1))
        return self.x == other.x


same(Double(1))
same(Double(2))
print(same(Double(2)) == Double(2), same.cache_info())


class Adds:
    def __init__(self, table):
        self.table = table

    def __hash__(self):
        return 7

    def __eq__(self, other):
        self.table[len(self.table) + 100] = None
        return True


table = {}
key = Adds(table)
table[key] = "value"
print(table[Adds(table)], len(table) > 1)
