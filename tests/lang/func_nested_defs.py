# Functions in functions: names, recursion, defaults from the outer scope.
def outer(n):
    def helper(k, base=n):
        return base if k == 0 else helper(k - 1) + 1
    class Local:
        def method(self):
            return n
    return helper(3), Local().method(), helper.__qualname__, Local.__qualname__, Local.method.__qualname__


print(outer(10))


def conditional(flag):
    if flag:
        def f(): return "yes"
    else:
        def f(): return "no"
    return f()


print(conditional(1), conditional(0))
def redefine(): return 1
def redefine(): return 2
print(redefine())
print((lambda: (lambda: __name__)())())
