import marshal
'''Values in marshal's format and back; what is no value.'''
def t(f,*a,**k):
    try: print(str(a)[:70],k, '->', repr(f(*a,**k))[:150])
    except BaseException as e: print(str(a)[:70],k, '!!', type(e).__module__, type(e).__name__, e)
L=[1,2]
for v in (None,True,False,...,StopIteration,0,1,-1,2**31-1,-2**31,2**31,2**40,-2**40,10**30,-10**30,1.5,float('inf'),1e300,1j,'','a','abc'*100,'é','\u20ac','\ud800',b'',b'abc',bytearray(b'q'),(),(1,),(1,2)*200,[],[1,[2]],{},{1:2,'a':'b'},set(),{1},frozenset([1]),slice(1,2,3),[L,L],('abc','abc'), 'a b'*2):
    for ver in (0,1,2,3,4,5):
        t(marshal.dumps,v,ver)
        try: 
            d=marshal.dumps(v,ver)
            r=marshal.loads(d)
            if not (r==v and type(r)==type(v)): print('BAD',v,r)
        except Exception as e: pass
for v in (object,len,memoryview): t(marshal.dumps,[v])
t(marshal.loads,b''); t(marshal.loads,b'i'); t(marshal.loads,b'i\0\0'); t(marshal.loads,b'?'); t(marshal.loads,b'Z'); t(marshal.loads,b'(\1\0\0\0'); t(marshal.loads,b'0'); t(marshal.loads,b'(\1\0\0\0'+b'0'); t(marshal.loads,b'[\xff\xff\xff\xff'); t(marshal.loads,b's\xff\xff\xff\xff'); t(marshal.loads,b'r\5\0\0\0'); t(marshal.loads,b'N123'); t(marshal.loads,'a'); t(marshal.loads,5); t(marshal.loads,b'l\1\0\0\0\xff\xff'); t(marshal.loads,b'l\1\0\0\0\0\0'); t(marshal.loads,b'g123'); t(marshal.loads,b'f\3abc'); t(marshal.loads,b'[\1\0\0\0r\0\0\0\0'); t(marshal.loads,b'\xdb\1\0\0\0r\0\0\0\0'); t(marshal.loads, b'a\1\0\0\0\xff'); t(marshal.loads,b'u\1\0\0\0\xff')
a=[];a.append(a); print(marshal.dumps(a)); x=marshal.loads(marshal.dumps(a)); print(x[0] is x)
x=[]
for i in range(3000): x=[x]
try: marshal.dumps(x)
except ValueError as e: print(e)
t(marshal.loads,b'['+b'\1\0\0\0['*3000)
import io
f=io.BytesIO(); marshal.dump([1,2],f); marshal.dump('x',f); f.seek(0); print(marshal.load(f),marshal.load(f)); t(marshal.load,5); t(marshal.dump,1,5)
print(marshal.version, [n for n in dir(marshal) if n[0]!='_']); t(marshal.dumps); t(marshal.dumps,1,2,3); t(marshal.loads,b'N',allow_code=False)
s='int'*50; i=marshal.loads(marshal.dumps([s,s])); print(i[0] is i[1])
