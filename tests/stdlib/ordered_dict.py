"""OrderedDict: order, what a subclass sees of the methods, changes while iterating, changes behind its back."""
from collections import OrderedDict as O
import sys, gc
def t(f):
  try: print(f())
  except BaseException as e: print(type(e).__name__, e)
class Q(O):
  def __setitem__(s,k,v): print('set',k); O.__setitem__(s,k,v)
  def __getitem__(s,k): print('get',k); return O.__getitem__(s,k)
  def __delitem__(s,k): print('del',k); return O.__delitem__(s,k)
  def keys(s): print('keys'); return O.keys(s)
  def items(s): print('items'); return O.items(s)
  def values(s): print('values'); return O.values(s)
  def update(s,*a): print('update',a); return O.update(s,*a)
  def __contains__(s,k): print('in',k); return O.__contains__(s,k)
  def __iter__(s): print('iter'); return O.__iter__(s)
  def pop(s,*a): print('pop',a); return O.pop(s,*a)
  def __missing__(s,k): print('missing',k); return 99
  def __len__(s): print('len'); return O.__len__(s)
  def __eq__(s,o): print('eq'); return O.__eq__(s,o)
  __hash__=None
q=Q(a=1,b=2)
print('repr'); t(lambda:q)
print('copy'); t(lambda:q.copy())
print('pop'); t(lambda:O.pop(q,'zz')); t(lambda:O.pop(q,'zz',5)); t(lambda:O.pop(q,'a'))
print('popitem'); t(lambda:q.popitem())
print('setdefault'); t(lambda:q.setdefault('k',5)); t(lambda:q.setdefault('k',7))
print('|'); t(lambda: q|{'u':1}); t(lambda: {'u':1}|q)
print('|='); 
def f(): global q; q|={'r':1}; q|=[('s',1)]; return 0
t(f)
print('list'); t(lambda:list(q.items())); t(lambda:list(q.values())); t(lambda:list(q))
print('eq'); t(lambda:q==O(q)); t(lambda: O(q)==q); t(lambda: dict(q)==q)
print('fromkeys'); t(lambda:Q.fromkeys('ab'))
print('upd'); t(lambda:O.update(q,O(z=1),y=2)); 
class M:
  def keys(self): return iter('ab')
  def __getitem__(self,k): return k
t(lambda:O(M())); 
class I:
  def items(self): return [(1,2),(3,4)]
t(lambda:O(I())); t(lambda:{}|O(a=1)); t(lambda: O([(1,2),[3,4],'ab']))
t(lambda: O.update({}, a=1)); t(lambda:O({'a':1},b=2)); t(lambda: O([[1,2,3]])); t(lambda: O(['a'])); t(lambda:O([1,2])); t(lambda:O([[]])); t(lambda: O('ab'))
print('reduce'); t(lambda: q.__reduce__()[:4]); t(lambda: O().__reduce__()[:4])
print('move'); t(lambda:q.move_to_end('k')); t(lambda: q.move_to_end([]));t(lambda: O().move_to_end([]))
k=object(); o=O(); a=sys.getrefcount(k); o[k]=1; print(sys.getrefcount(k)-a)
it=iter(o.items()); print(sys.getrefcount(o)); next(it); print(list(it), next(it,7)); print(sys.getrefcount(o), sys.getrefcount(k)-a)
print(gc.is_tracked(O()))
o=O.fromkeys('abc')
it=iter(o); next(it); next(it);next(it); print(next(it,0)); o['z']=1; print(next(it,0))
it=iter(o); o['y']=1; 
t(lambda:next(it)); t(lambda:next(it))
it=iter(o); next(it); o['a']=5; t(lambda:next(it)); o['a']=o.pop('a');t(lambda:next(it));t(lambda:next(it))
it=iter(o); o.pop('q',0); t(lambda:next(it)); o.setdefault('q',0);  t(lambda:next(it))
it=iter(o); next(it); dict.__setitem__(o,'hid',0);  t(lambda:next(it)); t(lambda:list(o))
dict.__delitem__(o,'hid')
it=iter(o); o.move_to_end('q');  t(lambda:next(it)); o.move_to_end('a',0) ; t(lambda:next(it))
print(list(o))
t(lambda:it.__reduce__())
it=iter(o.items()); x=next(it); y=next(it); print(x is y, x,y); del x,y
x=id(next(it)); y=id(next(it)); print(x==y)
print(o.keys()&{'a'}, len(o.items()-{1}), o.keys().isdisjoint('z'), o.keys().mapping, len(o.values()))
t(lambda:reversed(o.keys()).__reduce__()); t(lambda:list(reversed(o.items())))
o=O(); o['s']=o; print(o); class_=type('L',(list,),{}); o.clear()
print(O.clear.__qualname__, O[int,str])
import copy,pickle
class P(O):
  def __init__(s): pass
p=P(); p['a']=1; p.x=[2]
print(copy.copy(p).x is p.x, copy.deepcopy(p), copy.deepcopy(p).x)
for i in range(6): r=pickle.loads(pickle.dumps(O(a=1),i)); print(r,type(r)); print(len(pickle.dumps(O(a=1),i)))
class S(O): __slots__='x','y'
s=S(a=1); s.x=4; print(s.__reduce__()[:4]); print(s.__reduce_ex__(2)[:4])
class E:
  def __eq__(s,o): 1/0
  def __hash__(s): return 1
o=O(); o[E()]=1; t(lambda:o.__setitem__(E(),2)); t(lambda:o.pop(E())); t(lambda:o.move_to_end(E())); t(lambda: O(x=1)==O(x=E())); t(lambda: E() in o)
print(O.__init__.__doc__, O.__doc__, O.__text_signature__)
t(lambda: O.__init__()); t(lambda: O.__new__()); t(lambda: O.__new__(O,1,2,x=4)); t(lambda: O(**{'a':1},self=3)); t(lambda: O(other=3))
o=O(a=1); o.__init__({'b':2}); print(o)
t(lambda: o.move_to_end('a', last=0)); t(lambda:o.popitem(last=False)); t(lambda: o.popitem(False, last=1)); t(lambda: o.move_to_end(k='a')); t(lambda: o.pop('x', default=4)); t(lambda:o.setdefault('b',default=9)); t(lambda: o.setdefault(key='w')); print(o)
print({**o}, dict(o), list(o), tuple(o.items())); o.move_to_end('b'); o.move_to_end('w',False); print(dict(o), {**o}, dict.copy(o), dict.__repr__(o), {}|dict(o)); d={}; d.update(o); print(d)
def ff(**k): return k
print(ff(**o))
import json; print(json.dumps(o), json.dumps(o, indent=1))
import marshal; t(lambda: marshal.dumps(o))
o.__dict__['q']=4; print(o.q, vars(o)); o.__dict__={'w':3}; print(o.w)
import weakref; w=weakref.ref(o); del o; print(w())

# behind its back
o = O.fromkeys("abc")
dict.__delitem__(o, "b")
t(lambda: list(o)); t(lambda: o); t(lambda: list(o.items())); t(lambda: o.popitem()); t(lambda: o.popitem()); t(lambda: o.copy())
# many moves
import random
r = random.Random(5)
o, plain = O(), []
for step in range(5000):
    k = r.randrange(60)
    what = r.randrange(6)
    if what < 2:
        if k not in o: plain.append(k)
        o[k] = step
    elif what == 2 and k in o:
        del o[k]; plain.remove(k)
    elif what == 3 and k in o:
        last = r.random() < 0.5
        o.move_to_end(k, last); plain.remove(k); plain.insert(len(plain) if last else 0, k)
    elif what == 4 and plain and r.random() < 0.3:
        last = r.random() < 0.5
        assert o.popitem(last)[0] == plain.pop(-1 if last else 0)
    if step % 50 == 0:
        assert list(o) == plain and list(reversed(o)) == plain[::-1] and list(o.keys()) == plain, step
print(len(o) == len(plain))
# cycles and weak references
import gc, weakref
class A: pass
o = O(); o[A()] = o; x = A(); o.x = x; w = weakref.ref(o), weakref.ref(x)
del o, x; gc.collect(); print([v() for v in w])
class D(dict): pass
print(O(a=1) == D(a=1), D(a=1) == O(a=1))
for cls in (type(iter(O())), type(O().keys())):
    t(cls)
