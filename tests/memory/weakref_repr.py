# What a weak reference shows: the kind, the full name of the target's class, the target's own name.
import collections
import re
import weakref

class Local:
    pass

def f():
    class Inner:
        pass

    return Inner()

def plain(text):
    return re.sub("0x[0-9a-f]+", "0x", text)

kept = [Local(), f(), collections.OrderedDict(), {1}, f, Local]
for thing in kept:
    print(plain(repr(weakref.ref(thing))))

thing = Local()
ref = weakref.ref(thing)
del thing
print(plain(repr(ref)))
