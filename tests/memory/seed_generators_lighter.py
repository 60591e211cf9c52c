# A generator holds one value at a time.
import sys


def get_numbers():
    for i in range(10000):
        yield i


gen = get_numbers()
print(sys.getsizeof(gen) < sys.getsizeof(list(range(10000))))
print(sum(gen), next(gen, "exhausted"))
original = list(range(5))
copied = original[:]
copied.append(5)
print(original, copied)
big_data = [0] * 1000
del big_data
print("big_data" in globals())
