"""more-itertools: a walk through what it offers."""

import more_itertools as mi

print(list(mi.chunked(range(7), 3)), list(mi.windowed([1, 2, 3, 4], 3, step=2)))
print(list(mi.flatten([[1, 2], [3]])), list(mi.collapse([1, [2, [3, [4]]]])))
p = mi.peekable("abc")
print(p.peek(), next(p), p[1], list(p), p.peek("end"))
print(list(mi.interleave_longest([1, 2, 3], "ab")), list(mi.intersperse(0, [1, 2, 3])))
print(mi.first([], "none"), mi.one([5]), list(mi.unique_everseen([1, 2, 1, 3])))
print(sorted(map(sorted, mi.set_partitions([1, 2, 3], 2))), list(mi.split_at("a,b,c", lambda c: c == ",")))
print(mi.ilen(x for x in range(10) if x % 3), list(mi.consecutive_groups([1, 2, 3, 7, 8])) != [])
print([list(g) for g in mi.consecutive_groups([1, 2, 3, 7, 8])], list(mi.run_length.encode("aabccc")))
s = mi.seekable(iter(range(5)))
print(list(s), s.seek(2), list(s), mi.minmax([3, 1, 2]), list(mi.sliding_window(range(4), 2)))
b = mi.bucket(["a1", "b1", "a2"], key=lambda x: x[0])
print(sorted(b), list(b["a"]), mi.nth_product(5, "ab", "cd", "ef"), list(mi.distinct_permutations([1, 0, 1])))
try:
    mi.one([1, 2])
except ValueError as e:
    print(e)
print(list(mi.sieve(30)), list(mi.factor(360)), mi.map_reduce("abcb", ord, lambda c: c, len))
