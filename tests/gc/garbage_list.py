# DEBUG_SAVEALL keeps what was found, without finalising less.
import gc

gc.disable()
gc.collect()


class A:
    def __init__(self, n):
        self.n = n
        self.me = self

    def __del__(self):
        print("del", self.n)


gc.set_debug(gc.DEBUG_SAVEALL)
A(1), A(2)
print(gc.collect())
print(sorted(x.n for x in gc.garbage if isinstance(x, A)))
gc.set_debug(0)
print(gc.get_debug())
gc.garbage.clear()
print(gc.collect() > 0, gc.garbage)
