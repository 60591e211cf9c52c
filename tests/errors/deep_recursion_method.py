class Node:
    def depth(self):
        return 1 + self.next().depth()

    def next(self):
        return self


Node().depth()
