class A:
    def __init__(self):
        self.child = None


a = A()
a.child.name.first
