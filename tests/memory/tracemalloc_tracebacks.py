# tracemalloc: where an object was allocated.
import os
import tracemalloc


def inner():
    return bytearray(5000)


def outer():
    return inner()


tracemalloc.start(5)
x = outer()
for frame in tracemalloc.get_object_traceback(x):
    print(os.path.basename(frame.filename), frame.lineno)
print(tracemalloc.get_object_traceback(x).total_nframe)
tracemalloc.stop()
print(tracemalloc.get_object_traceback(x))
tracemalloc.start()
y = outer()
print([f.lineno for f in tracemalloc.get_object_traceback(y)])
print(tracemalloc.get_object_traceback(x), tracemalloc.get_object_traceback(1))
tracemalloc.stop()
# sweep: not debug (which traces already)
