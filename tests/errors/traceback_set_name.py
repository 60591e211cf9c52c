class D:
    def __set_name__(self, owner, name):
        raise RuntimeError("refused")


class C:
    attr = D()
