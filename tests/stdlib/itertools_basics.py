# itertools, each tool once.
from itertools import *

print(list(chain("ab", [1])), list(chain.from_iterable(["ab", "c"])), list(islice(count(5, 2), 4)), list(islice(cycle("ab"), 5)), list(repeat("x", 3)), list(islice("abcdef", 1, 5, 2)))
print(list(accumulate([1, 2, 3, 4])), list(accumulate([3, 1, 2], max)), list(accumulate([1, 2], initial=10)), list(accumulate([])))
print(list(combinations("abc", 2)), list(permutations("abc", 2)), list(product("ab", [1, 2])), list(product([0, 1], repeat=2)), list(combinations_with_replacement("ab", 2)), list(permutations([1, 2, 3]))[-1])
print(list(compress("abcd", [1, 0, 1, 0])), list(dropwhile(lambda x: x < 3, [1, 2, 3, 1])), list(takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(filterfalse(lambda x: x % 2, range(5))), list(starmap(pow, [(2, 3), (3, 2)])))
print([(k, list(g)) for k, g in groupby("aabbca")], [(k, len(list(g))) for k, g in groupby([1, 3, 2, 4], key=lambda x: x % 2)], list(zip_longest("ab", "c", fillvalue="-")), list(pairwise([1, 2, 3])), list(batched("abcdefg", 3)))
a, b = tee([1, 2, 3])
print(next(a), list(b), list(a), len(tee([], 3)))
print(repeat(1, 2), count(1), count(1.5, 0.5), next(count()), list(zip(count(), "ab")))
for f in (lambda: list(islice([1], -1)), lambda: combinations("a", -1), lambda: list(batched("a", 0)), lambda: list(batched("abc", 2, strict=True)), lambda: cycle(5), lambda: list(chain(5)), lambda: repeat(), lambda: count("a"), lambda: tee([], -1), lambda: product("a", repeat=-1), lambda: permutations("ab", "x")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(list(combinations(range(4), 0)), list(permutations([], 0)), list(product()), list(islice(iter(range(10)), 3)), list(combinations("ab", 3)))
g = groupby("aab")
k1, it1 = next(g)
k2, it2 = next(g)
print(k1, list(it1), k2, list(it2))
