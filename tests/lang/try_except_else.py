# try / except / else / finally: which parts run.
def run(kind):
    print("--", kind)
    try:
        print("try")
        if kind == "value":
            raise ValueError("v")
        if kind == "key":
            raise KeyError("k")
        if kind == "return":
            return "returned"
        if kind == "other":
            raise RuntimeError("r")
    except ValueError as e:
        print("except ValueError", e)
    except (KeyError, IndexError) as e:
        print("except lookup", repr(e))
    else:
        print("else")
    finally:
        print("finally")
    return "end"


for k in ("none", "value", "key", "return"):
    print(run(k))
try:
    run("other")
except RuntimeError as e:
    print("outside", e)

try:
    [][0]
except LookupError:
    print("base class matches")
try:
    1 / 0
except:
    print("bare except")


def dynamic():
    print("evaluated")
    return ValueError


try:
    raise ValueError
except KeyError:
    pass
except dynamic():
    print("dynamic class")
try:
    try:
        raise ValueError("first")
    except 5:
        pass
except TypeError as e:
    print(e)
    print(repr(e.__context__))
try:
    try:
        int("x")
    except (ValueError, 3):
        print("not reached: every class is checked first")
except TypeError as e:
    print(e)
try:
    raise IndexError("no brackets")
except ValueError, IndexError:
    print("tuple without brackets")
