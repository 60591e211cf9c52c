# Exceptions in __del__ are reported, not raised.
class A:
    def __del__(self):
        raise ValueError("in del")

    def __repr__(self):
        return "<A>"


a = A()
del a
print("still running")
