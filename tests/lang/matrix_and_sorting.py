# Nested lists: matrices, sorting algorithms.
def mul(a, b):
    return [[sum(x * y for x, y in zip(r, c)) for c in zip(*b)] for r in a]


m = [[1, 2], [3, 4]]
print(mul(m, m), [list(r) for r in zip(*m)], [[int(i == j) for j in range(3)] for i in range(3)])


def quick(xs):
    if len(xs) < 2:
        return xs
    p, *rest = xs
    return quick([x for x in rest if x < p]) + [p] + quick([x for x in rest if x >= p])


def merge(xs):
    if len(xs) < 2:
        return xs
    a, b = merge(xs[: len(xs) // 2]), merge(xs[len(xs) // 2:])
    out = []
    while a and b:
        out.append((a if a[0] <= b[0] else b).pop(0))
    return out + a + b


def bubble(xs):
    xs = xs[:]
    for i in range(len(xs)):
        for j in range(len(xs) - 1 - i):
            if xs[j] > xs[j + 1]:
                xs[j], xs[j + 1] = xs[j + 1], xs[j]
    return xs


def heap(xs):
    h = []
    for x in xs:
        h.append(x)
        i = len(h) - 1
        while i and h[(i - 1) // 2] > h[i]:
            h[i], h[(i - 1) // 2] = h[(i - 1) // 2], h[i]
            i = (i - 1) // 2
    out = []
    while h:
        out.append(h[0])
        h[0] = h[-1]
        h.pop()
        i = 0
        while (c := 2 * i + 1) < len(h):
            c += c + 1 < len(h) and h[c + 1] < h[c]
            if h[i] <= h[c]:
                break
            h[i], h[c] = h[c], h[i]
            i = c
    return out


data = [(i * 37 + 11) % 50 for i in range(25)]
print(quick(data) == merge(data) == bubble(data) == heap(data) == sorted(data), quick(data)[:5])
