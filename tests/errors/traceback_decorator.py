def deco(f):
    def wrapper(*args):
        return f(*args)
    return wrapper


@deco
def work(n):
    return n.missing_attribute


work(3)
