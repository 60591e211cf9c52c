# A saved exception whose traceback sees it is a cycle; without the name there is none.
import gc

gc.disable()
gc.collect()


class T:
    def __del__(self):
        print("released")


def no_cycle():
    t = T()
    try:
        raise ValueError
    except ValueError as e:
        pass


def cycle():
    t = T()
    try:
        raise ValueError
    except ValueError as e:
        kept = e


no_cycle()
print("after no_cycle")
cycle()
print("after cycle")
print(gc.collect() > 0)
