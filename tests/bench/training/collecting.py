"""Trains collections: Counter, deque, defaultdict, OrderedDict, ChainMap, own containers."""

import sys
from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict, deque, namedtuple
from heapq import merge, nlargest, nsmallest
from operator import itemgetter

TEXT = """the river runs past the old mill and the mill stands by the river where
children run and the miller rests while water turns the wheel and the wheel turns
the stone and the stone grinds the corn that the river helped to grow"""
Sale = namedtuple("Sale", "shop item number price", defaults=(1, 10))


class Recent:
    """A cache that forgets what was used longest ago."""

    def __init__(self, size):
        self.size = size
        self.items = OrderedDict()
        self.hits = 0

    def get(self, key, make):
        if key in self.items:
            self.items.move_to_end(key)
            self.hits += 1
        else:
            self.items[key] = make(key)
            if len(self.items) > self.size:
                self.items.popitem(last=False)
        return self.items[key]


class Folded(UserDict):
    def __setitem__(self, key, value):
        super().__setitem__(key.lower(), value)

    def __getitem__(self, key):
        return super().__getitem__(key.lower())

    def __missing__(self, key):
        return len(key)


class Trie:
    def __init__(self):
        self.root = {}

    def add(self, word):
        node = self.root
        for char in word:
            node = node.setdefault(char, {})
        node[None] = word

    def starting(self, prefix):
        node = self.root
        for char in prefix:
            if char not in node:
                return
            node = node[char]
        todo = [node]
        while todo:
            node = todo.pop()
            for key, child in node.items():
                if key is None:
                    yield child
                else:
                    todo.append(child)


def word_figures(words):
    counts = Counter(words)
    letters = Counter()
    for word in words:
        letters.update(word)
    both = counts & Counter(words[::2])
    rest = counts - both
    lengths = defaultdict(list)
    for word in counts:
        lengths[len(word)].append(word)
    top = counts.most_common(3)
    return (sum(number for _, number in top) + both.total() + len(rest) + letters["e"]
            + max(lengths) * len(lengths[3]) + len(list((+rest).elements())))


def windows(values, size):
    window, best = deque(maxlen=size), 0
    maxima = deque()
    for at, value in enumerate(values):
        window.append(value)
        while maxima and values[maxima[-1]] <= value:
            maxima.pop()
        maxima.append(at)
        if maxima[0] <= at - size:
            maxima.popleft()
        if len(window) == size:
            best += values[maxima[0]] - window[0]
    window.rotate(2)
    window.extendleft([1, 2])
    return best + sum(window) + window.index(1)


def josephus(people, step):
    circle = deque(range(people))
    while len(circle) > 1:
        circle.rotate(1 - step)
        circle.popleft()
    return circle[0]


def sales_figures(seed):
    sales = [Sale(f"shop{n % 4}", f"item{(n * 7 + seed) % 9}", n % 5 + 1, (n * seed) % 40)
             for n in range(50)]
    sales.append(Sale("shop0", "item0")._replace(price=3))
    income = defaultdict(lambda: defaultdict(int))
    for shop, item, number, price in sales:
        income[shop][item] += number * price
    best = {shop: max(items.items(), key=itemgetter(1, 0)) for shop, items in income.items()}
    by_price = sorted(sales, key=lambda sale: (-sale.price, sale.item))
    pivot = {item: [income[shop].get(item, 0) for shop in sorted(income)]
             for item in {sale.item for sale in sales}}
    return (sum(value for _, value in best.values()) + by_price[3].number
            + sum(map(max, pivot.values())) + len(Sale._fields)
            + sum(sale.price for sale in nlargest(4, sales, key=itemgetter(3)))
            + nsmallest(2, (sale.price * 2 + sale.number for sale in sales))[1])


def settings(seed):
    defaults = {"colour": "red", "size": 3, "depth": 1}
    chain = ChainMap({"size": seed}, defaults)
    child = chain.new_child({"depth": seed * 2})
    child["extra"] = 5
    folded = Folded({"Alpha": 1, "BETA": 2})
    folded["gamma"] = seed
    del folded["alpha"]
    return sum(len(str(child[key])) for key in child) + folded["GAMMA"] + folded["x"] + len(folded)


def main(scale):
    total = 0
    words = TEXT.split()
    recent = Recent(12)
    for seed in range(100 * scale):
        part = words[seed % 20 :] + words[: seed % 7]
        trie = Trie()
        for word in part:
            trie.add(word)
        values = [(n * n * 31 + seed) % 101 for n in range(80)]
        cached = sum(recent.get(word, len) for word in part[:25])
        figures = (word_figures(part), windows(values, 5 + seed % 4), josephus(40, 3 + seed % 5),
                   sales_figures(seed), settings(seed), cached,
                   len("".join(sorted(trie.starting("wh")))), sum(1 for _ in trie.starting("")),
                   sum(a * n for n, a in enumerate(merge(sorted(values[:30]), sorted(values[30:])))))
        for figure in figures:
            total = (total * 97 + figure) % 1_000_003
    print("collecting", total, recent.hits)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
