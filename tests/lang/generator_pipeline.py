# Generators feeding generators.
def numbers(n):
    for i in range(n):
        yield i


def squares(xs):
    for x in xs:
        yield x * x


def only_even(xs):
    yield from (x for x in xs if x % 2 == 0)


print(list(only_even(squares(numbers(10)))))


def primes():
    seen = []
    n = 2
    while True:
        if all(n % p for p in seen):
            seen.append(n)
            yield n
        n += 1


def take(n, it):
    for x in it:
        if n <= 0:
            return
        n -= 1
        yield x


print(list(take(10, primes())))


def permutations(items):
    if not items:
        yield []
    for i, x in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1:]):
            yield [x] + rest


print(list(permutations([1, 2, 3])))


def grep(pattern):
    found = []
    try:
        while True:
            line = yield
            if pattern in line:
                found.append(line)
    except GeneratorExit:
        print(found)


g = grep("py")
next(g)
for s in ("python", "ruby", "pypy"):
    g.send(s)
g.close()


def countdown(n):
    while n:
        reset = yield n
        n = reset if reset is not None else n - 1


c = countdown(3)
print(next(c), next(c), c.send(5), next(c), list(c))
