# break, continue and return through try, with and nested loops.
class CM:
    def __enter__(self):
        print("(", end="")

    def __exit__(self, *a):
        print(")", end="")


def f():
    for i in range(4):
        with CM():
            try:
                if i == 0:
                    continue
                if i == 1:
                    for j in range(3):
                        with CM():
                            if j == 1:
                                break
                            print("j", j, end="")
                if i == 3:
                    return "returned"
            finally:
                print("f", i, end=" ")
    return "never"


print(f())


def g():
    while True:
        try:
            while True:
                try:
                    break
                finally:
                    print("inner", end=" ")
            break
        finally:
            print("outer", end=" ")
    for _ in range(2):
        for _ in range(2):
            for _ in range(2):
                break
            else:
                continue
            break
        else:
            return "wrong"
    return "ok"


print(g())
for i in range(3):
    for j in range(3):
        if (i + j) % 2:
            continue
        print(i, j, end="; ")
    else:
        print("|", end=" ")
print()
