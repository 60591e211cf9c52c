# Eight threads change shared lists, dicts, sets and objects with finalisers and cycles while collections run and the lock
# changes hands as often as it can: nothing is lost.
import gc
import sys
import threading

THREADS = 8
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
sys.setswitchinterval(1e-6)

appended = []
table = {}
members = set()
born = 0
died = 0
counter = threading.Lock()
errors = []


class Node:
    def __init__(self, owner):
        global born
        self.owner = owner
        self.me = self
        self.payload = [owner, {owner: self}]
        with counter:
            born += 1

    def __del__(self):
        # As an int in a global: the lock may be held by the very thread that runs this.
        fallen.append(1)


class Plain:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        plain_gone.append(self.n)


fallen = []
plain_gone = []
shared = Plain(-1)
shared.value = 0
start = threading.Barrier(THREADS)


def work(number):
    try:
        start.wait()
        for i in range(ROUNDS):
            appended.append((number, i))
            table[number, i] = i
            members.add((number, i))
            Node(number)
            Plain(number)
            setattr(shared, f"name{(number * 7 + i) % 40}", [i])
            try:
                del table[number, i - 5]
            except KeyError:
                assert i < 5
            members.discard((number, i - 3))
            if i % 100 == 0:
                gc.collect(i // 100 % 3)
            text = f"{number}-{i}"
            assert text.split("-") == [str(number), str(i)]
            local = [x for x in range(10)]
            local.sort(key=lambda x: -x)
            assert local[0] == 9
    except BaseException as e:
        errors.append(repr(e))


threads = [threading.Thread(target=work, args=(n,)) for n in range(THREADS)]
for t in threads:
    t.start()
for t in threads:
    t.join()
gc.collect()
print(errors)
print(len(appended), len(set(appended)), born, len(fallen), len(plain_gone))
print(len(table), len(members), sorted(plain_gone) == sorted(n for n in range(THREADS) for _ in range(ROUNDS)))
for n in range(THREADS):
    assert [i for who, i in appended if who == n] == list(range(ROUNDS))
print(threading.active_count(), gc.garbage)
