# Bound methods are made anew, functions are not.
class A:
    def m(self):
        pass

    @classmethod
    def c(cls):
        pass

    @staticmethod
    def s():
        pass


a = A()
print(a.m is a.m, a.m == a.m, A.m is A.m, a.m.__func__ is A.m)
print(A.c is A.c, A.c == a.c, A.s is A.s, a.s is A.s)
print([].append is [].append, len is len, "".join is "".join)
print(a.__dict__ is a.__dict__, A.__dict__ is A.__dict__, type(a) is A)
print(A.__mro__ is A.__mro__, A.__bases__ is A.__bases__, A.m.__code__ is A.m.__code__)
