# zip, enumerate and the iterators of a dict's items hand out one tuple while nobody keeps it.
import gc
def show(make):
    it = make()
    a = next(it); ia = id(a); del a
    b = next(it); print(id(b) == ia, end=' ')
    c = next(it); print(c is b, b, c)
    print([x for x in make()])
    print(len({id(x) for x in make()}), gc.get_referents(make())[-1:])
show(lambda: zip('abc', [1, 2, 3]))
show(lambda: enumerate('abc'))
show(lambda: iter({1: 2, 3: 4, 5: 6}.items()))
show(lambda: reversed({1: 2, 3: 4, 5: 6}.items()))
show(lambda: zip('abc', [1, 2, 3], (4, 5, 6), range(3)))
print(list(zip()), list(zip([])), list(zip([1, 2])))
class Noisy:
    def __init__(self, n): self.n = n
    def __del__(self): print('del', self.n)
def make(k):
    for i in range(3):
        print('make', k, i)
        yield Noisy((k, i))
for pair in zip(make('a'), make('b')):
    print('got'); del pair
print('kept')
kept = [p for p in zip(make('c'), make('d'))]
del kept[1]
print('end')
kept = None
# An iterator that finds the tuple while it is being filled.
found = []
def thief():
    for i in range(3):
        if i == 1:
            found.extend(r for r in gc.get_referents(zz) if type(r) is tuple and len(r) == 2 and r[0] == 'x1')
        yield i
def xs():
    for i in range(3): yield 'x%d' % i
zz = zip(xs(), thief())
out = []
for t in zz: out.append(t); del t
print(out, len(found))
