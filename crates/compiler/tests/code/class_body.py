@deco
class C(A, metaclass=M):
    """doc"""
    x: int = 1
    def m(self):
        self.a = __class__
        return self.__private
