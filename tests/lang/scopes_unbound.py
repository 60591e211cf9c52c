# Names that are not (yet) bound, and the messages that say so.


def early():
    print(v)
    v = 1


def maybe(flag):
    if flag:
        value = 1
    return value


def loop():
    for i in []:
        pass
    return i


def aug():
    count += 1


count = 0
for f in (early, lambda: maybe(False), loop, aug):
    try:
        f()
    except UnboundLocalError as e:
        print(type(e).__name__, e, e.name)
print(maybe(True))


def exc_name():
    try:
        1 / 0
    except ZeroDivisionError as e:
        pass
    return e


try:
    exc_name()
except UnboundLocalError as err:
    print(err)
try:
    nothing_here
except NameError as e:
    print(e, e.name)


class Scope:
    try:
        print(missing)
    except NameError as e:
        print(e)
    count = count
    count += 5


print(Scope.count, count)
