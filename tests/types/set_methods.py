# set methods.
s = {1, 2}
s.add(3)
s.add(1)
s.discard(99)
s.remove(2)
print(s, s.pop() in (1, 3), len(s))
s.update([5, 6], "a", {7: 0})
print(sorted(s, key=str))
s.clear()
print(s)
a = {1, 2, 3, 4}
print(a.union([5], (6,)), a.intersection([1, 2, 9], {2}), a.difference([1], [2]), a.symmetric_difference([4, 5]), a.issubset(range(10)), a.issuperset([1]), a.isdisjoint([9]), a.union(), a.intersection(), a.copy() is a)
a.intersection_update([1, 2, 3])
a.difference_update([1], [])
a.symmetric_difference_update([3, 8])
print(a)
for f in (lambda: a.remove(99), lambda: set().pop(), lambda: a.add([]), lambda: a.union(5), lambda: a.remove([]), lambda: a.update(1), lambda: a.issubset(1), lambda: a.add(), lambda: frozenset().add, lambda: a.discard({}), lambda: a.symmetric_difference([1], [2])):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
# A set is looked up by an equal frozenset when it is asked for as an element.
print({1} in {frozenset({1})})
x = {frozenset({1}), 2}
x.remove({1})
x.discard({5})
print(x)
print(frozenset("ab").union("c") == frozenset("abc"), frozenset([1, 2]).difference([1]), a.__contains__(2), a.__len__(), a.__and__({2}), a.__and__([2]), a.__sub__({2}), a.__rsub__({2, 7}), a.__or__(5))


class H:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 2

    def __eq__(self, o):
        return self.n == o.n


m = {H(i) for i in range(10)}
print(len(m), H(3) in m, H(11) in m, len(m - {H(1)}), len(m & {H(2), H(3), H(40)}))
