def f():
    raise SystemExit


class C:
    def __del__(self):
        print("finaliser runs at exit")


c = C()
f()
