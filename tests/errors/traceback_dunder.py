class N:
    def __init__(self, v):
        self.v = v

    def __add__(self, o):
        return N(self.v + o.v)

    def __repr__(self):
        return "N" + self.v


print(N(1) + N(2))
