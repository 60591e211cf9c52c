# get_referrers() sees containers only.
import gc


class A:
    pass


target = A()
in_list, in_dict, in_tuple = [target], {"k": target}, (target,)
holder = A()
holder.x = target
found = gc.get_referrers(target)
print(any(f is in_list for f in found), any(f is in_dict for f in found), any(f is in_tuple for f in found))
print(any(f is globals() for f in found))
print(any(f is holder or f is holder.__dict__ for f in found))
print(gc.get_referrers())
print(len(gc.get_referrers(object())))


def f():
    local = A()
    return len(gc.get_referrers(local))


print(f())
