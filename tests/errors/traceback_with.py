class CM:
    def __enter__(self):
        return self

    def __exit__(self, *a):
        print("exit", a[1])


with CM() as c:
    c.value
