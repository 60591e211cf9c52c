# What a pickle shares: graphs of containers with circles are written as the pickler in Python writes them, and come back in
# the same shape.
import io
import pickle
import random


def python_dumps(value, protocol):
    file = io.BytesIO()
    pickle._Pickler(file, protocol).dump(value)
    return file.getvalue()


class Node:
    def __init__(self):
        self.links = []


class Late:
    """Shows the pickler an object that stands elsewhere, too."""

    def __init__(self, holder):
        self.holder = holder

    def __reduce__(self):
        return list, ([self.holder[0]],)


def build(r, size):
    made = [[], {}, (), "text", 7]
    for i in range(size):
        kind = r.randrange(7)
        pick = lambda: r.choice(made)
        if kind == 0:
            made.append([pick() for _ in range(r.randrange(4))])
        elif kind == 1:
            made.append({j: pick() for j in range(r.randrange(4))})
        elif kind == 2:
            made.append(tuple(pick() for _ in range(r.randrange(5))))
        elif kind == 3:
            made.append("s%d" % i)
        elif kind == 4:
            node = Node()
            node.links = [pick(), pick()]
            made.append(node)
        elif kind == 5:
            made.append(frozenset(["f%d" % i, i]))
        else:
            made.append(b"b%d" % i)
        target = r.choice(made)
        if type(target) is list:
            target.append(made[-1])
        elif type(target) is dict:
            target["late%d" % i] = made[-1]
    last = made[-1]
    del made
    return last


def shape(value):
    """The containers in the order in which they are met, each as the number of its first meeting."""
    numbers, out, todo = {}, [], [value]
    while todo:
        at = todo.pop()
        if id(at) in numbers:
            out.append(numbers[id(at)])
            continue
        if type(at) in (list, dict, tuple, Node):
            numbers[id(at)] = len(numbers)
        out.append(type(at).__name__)
        if type(at) in (list, tuple):
            todo.extend(at)
        elif type(at) is dict:
            todo.extend(at.values())
        elif type(at) is Node:
            todo.append(at.links)
    return out


equal = 0
for seed in range(300):
    r = random.Random(seed)
    value = build(r, r.randrange(1, 40))
    for protocol in range(6):
        data = pickle.dumps(value, protocol)
        assert data == python_dumps(value, protocol), (seed, protocol)
        assert shape(pickle.loads(data)) == shape(value), (seed, protocol)
        assert shape(pickle.load(io.BytesIO(data))) == shape(value), (seed, protocol)
        equal += 1
print(equal)

for protocol in range(6):
    # Nobody else has the inner lists; Python code that runs meanwhile has one of them all the same.
    for make in (lambda: (lambda h: [h, Late(h)])([["a"], ["b"]]), lambda: (lambda h: (h, Late(h)))([["a"], ["b"]]),
                 lambda: (lambda h: {"first": (h[0],), "late": Late(h), "again": h})([["a"], ["b"]])):
        value = make()
        data = pickle.dumps(value, protocol)
        assert data == python_dumps(value, protocol)
        print(protocol, len(data), pickle.loads(data))

    # Circles through what goes into the memo after its items.
    inner = []
    pair = (inner, [inner])
    inner.append(pair)
    del inner
    data = pickle.dumps(pair, protocol)
    back = pickle.loads(data)
    print(data == python_dumps(pair, protocol), back[0] is back[1][0], back[0][0] is back)
    holder = []
    frozen = frozenset([(lambda n: (setattr(n, "links", holder), n)[1])(Node())])
    holder.append(frozen)
    data = pickle.dumps(frozen, protocol)
    back = pickle.loads(data)
    print(data == python_dumps(frozen, protocol), next(iter(back)).links[0] is back)
    same = ["one"]
    data = pickle.dumps([same, same, (same,), {"k": same}], protocol)
    back = pickle.loads(data)
    print(back[0] is back[1] is back[2][0] is back[3]["k"])
