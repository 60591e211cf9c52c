class Stack:
    def __init__(self):
        self.items = []

    def pop(self):
        return self.items.pop()

    @property
    def top(self):
        return self.items[-1]

    def __len__(self):
        return self.top.size


s = Stack()
try:
    s.pop()
except IndexError as e:
    print(e)
len(s)
