"""The module array: every type code, conversions, methods, messages."""
import array, copy
from array import array as A
for c in array.typecodes:
    if c=='u': continue
    a = A(c, 'abc' if c=='w' else [1,2,3])
    print(a, a.itemsize, len(a), a[0], a[-1], a[::2], a[1:], a*2, a+a)
    m = memoryview(a)
    print(m.format if c!='w' else '', m.itemsize, m.nbytes, bytes(m)==a.tobytes())
    try: a.append(a[0])
    except BufferError as e: print(e)
    m.release()
    assert copy.copy(a)==a and copy.deepcopy(a)==a
    for v in [-1, 1<<7, 1<<8, -(1<<7)-1, 1<<15, 1<<16, 1<<31, 1<<32,-(1<<31)-1, 1<<63,1<<64,-(1<<63)-1, 1.5, 'x','xy',None]:
        try: a[0]=v; print(c, v, a[0])
        except Exception as e: print(c, v, type(e).__name__, e)
a=A('d',range(10))
a[2:4]=A('d',[9,9,9]); print(a); del a[::2]; print(a); a[1:1]=A('d'); 
a.insert(1,5.5); a.insert(-1,7); a.insert(100,8); print(a, a.pop(), a.pop(0), a.count(9), a.index(9)); a.reverse(); print(a)
a.byteswap(); print(a); a.byteswap(); a.extend([1,2]); a.fromlist([3]); a.frombytes(b'\0'*8); print(a, a.tolist()); 
for f in [lambda:a.pop(100), lambda:a['x'], lambda:a.remove(77), lambda:A(), lambda:A('z'), lambda:A('d','x'), lambda:A('d',x=1), lambda:a.extend(A('f')), lambda:a.frombytes(b'1'), lambda: a+[1], lambda:a[100], lambda:A('b',[1,2])<A('b',[1,3]), lambda: A(1), lambda:A('i',5), lambda:hash(a), lambda:a.__setitem__(slice(0,1),[1]), lambda:a.__setitem__(100,1), lambda:a.__setitem__(slice(0,4,2),A('d',[1])), lambda:A('b')==A('d'), lambda: A('i',[1])==A('d',[1.0]), lambda: a*'x', lambda:a.fromunicode('x'), lambda:a.tounicode(), lambda:A[int],lambda:a.typecode, lambda:a.__class__, lambda:a.index(1,2,3)]:
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
it=iter(A('i',[1,2])); print(next(it), 1, it.__reduce__()[1:])
class S(A): 
    def __init__(self,*a): self.x=1
print(A('w','aé\u1234\U0001f600'), A('w','xyz').tounicode())
import collections.abc; print(isinstance(a, collections.abc.MutableSequence))
