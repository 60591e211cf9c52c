import json, _json, re
from json import *
def t(f,*a,**k):
    try: print(re.sub(' at 0x[0-9a-f]*','',str(a))[:70],sorted(k), '->', re.sub(' at 0x[0-9a-f]*','',repr(f(*a,**k)))[:150])
    except BaseException as e: print(re.sub(' at 0x[0-9a-f]*','',str(a))[:70],sorted(k), '!!', type(e).__module__, type(e).__name__, e, getattr(e,'__notes__',None), getattr(e,'pos',None))
for s in ('1','-','-0','-1.5','1.','1.e5','1e','1e+','1e5','0123','01','-01','1E-3','12345678901234567890123','NaN','-Infinity','Infinity','Inf','nul','null','true','false','tru','"abc"','"abc','"a\\','"a\\u','"a\\u12','"a\\u1234','"a\\u1234"','"\\ud83d\\ude00"','"\\ud83d\\u0041"','"\\ud83d"','"\\ud83d\\uzzzz"','"\\q"','"a\nb"','"é\\u00e9€"','"\U0001f600\\n"','[','[]','[ ]','[1','[1,','[1,]','[1 2]','[1, 2 ,3 ]','{','{}','{ }','{"a"','{"a":','{"a":1','{"a":1,','{"a":1,}','{"a" 1}','{"a":1 "b"}','{1:2}','{"a":[{}]}','', ' ','[1]x', '"\\/\\b\\f\\n\\r\\t\\"\\\\"','[}','{]','[1,,2]','{"a":1,,}','{"a":}', '"\\u 123"','"\\u00_1"','\ufeff1','[1e400,-1e400]','-I','N', 'Na', '1.5e', '[tru]', '{"a":tru}', '-Inf','[-]', '5 6'):
    t(loads,s)
t(loads,'"a\nb"',strict=False); t(loads,'{"a":1,"b":[2.5,3]}',parse_int=str,parse_float=repr,object_hook=lambda d:sorted(d)); t(loads,'{"a":1,"a":2}',object_pairs_hook=lambda d:d); t(loads,'[NaN,-Infinity]',parse_constant=lambda c:c+'!')
t(_json.scanstring,'abc"',0); t(_json.scanstring,'abc"',0,False); t(_json.scanstring,'abc',9); t(_json.scanstring,b'abc',0); t(_json.scanstring,'a\tb"',0,0); t(_json.scanstring,'abc"',-1); t(_json.scanstring,'abc"'); t(_json.scanstring,'"',0,True)
t(_json.encode_basestring,'a"\\\n\t\x00\x7fé€\U0001f600\ud800/'); t(_json.encode_basestring_ascii,'a"\\\n\t\x00\x7fé€\U0001f600\ud800/'); t(_json.encode_basestring,5); t(_json.encode_basestring_ascii,b'a')
class S(str): pass
class I(int):
    def __repr__(s): return 'X'
class F(float):
    def __repr__(s): return 'Y'
class L(list): pass
class D(dict): pass
for o in (1,1.5,None,True,'a',[],{},(),[1,[2,[3]]],{'a':{'b':[1,2]}},{1:2,1.5:3,None:4,True:5,False:6},float('nan'),float('inf'),-float('inf'),S('q'),I(3),F(2.5),L([1]),D(a=1),{S('k'):1,I(5):2,F(1.5):3},1e100,10**30,set(),[set()],{'a':object},{(1,2):3},{'a':{(1,):1}},[1,object()],b'x',{float('nan'):1}, [[[object()]]]):
    for kw in ({},{'indent':2},{'sort_keys':True},{'skipkeys':True},{'separators':(',',':')},{'ensure_ascii':False},{'allow_nan':False},{'default':lambda o:'D'},{'check_circular':False}, {'indent':'\t','separators':(';','=')}):
        t(dumps,o,**kw)
a=[]; a.append(a); t(dumps,a); d={}; d['x']=d; t(dumps,d); t(dumps,[object()],default=lambda o:o)
t(dumps,{'b':1,'a':2,'c':{'z':1,'y':2}},sort_keys=True); t(dumps,{'b':1,2:3},sort_keys=True)
t(dumps,[object()],default=lambda o:1/0); t(dumps, {"k":[1,{"z":object()}]}); t(dumps,('é"\n\u2028',)); t(dumps,{'é':'ü'},ensure_ascii=False)
e=JSONEncoder(); print(''.join(e.iterencode({'a':[1,2,{'b':None}]})))
sc=json.decoder.JSONDecoder().scan_once; print(type(sc), sc('[1,2]x',0), sc('x[1]',1)); t(sc,'x',0); t(sc,'x',-1); t(sc,'1',5); t(sc,'1'); t(sc,b'1',0); t(sc, string='[1]', idx=0)
k=loads('[{"key":1},{"key":2}]'); print(list(k[0])[0] is list(k[1])[0])
t(_json.make_encoder,1,2,3); t(_json.make_encoder,{},lambda o:o,_json.encode_basestring,None,':',',',False,False,True)
m=_json.make_encoder({},lambda o:o,_json.encode_basestring,None,':',',',False,False,True); t(m,[1,2],0); t(m,'a',0); print(m.markers,m.indent,m.key_separator,m.item_separator,m.sort_keys,m.skipkeys)
t(_json.make_scanner,5); 
import io; f=io.StringIO(); dump({'a':[1,2]},f,indent=1); print(f.getvalue()); t(load, io.StringIO('[1]'))
t(loads,b'[1]'); t(loads,bytearray(b'{}')); t(loads,'é'.encode('utf-16')); t(loads,5)
