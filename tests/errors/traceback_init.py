class Base:
    def __init__(self, x):
        self.x = x


class Derived(Base):
    def __init__(self):
        super().__init__()


Derived()
