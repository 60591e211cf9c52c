import csv, _csv, io, re
def t(f,*a,**k):
    try: print(re.sub(' at 0x[0-9a-f]*','',str(a))[:100],k, '->', re.sub(' at 0x[0-9a-f]*','',repr(f(*a,**k)))[:200])
    except BaseException as e: print(re.sub(' at 0x[0-9a-f]*','',str(a))[:100],k, '!!', type(e).__module__, type(e).__name__, e)
def rd(x,**k): return list(csv.reader(x,**k))
for x in (['a,b,c'],['"a","b"'],['a,"b""c",d'],['"a\nb",c'],['"a','b",c'],['a"b,c'],['"a"b,c'],['a\\,b'],[''],['a,'],[',,'],['a\r'],['a\r\n'],['a\rb'],['a\nb'],['"a\r\n','b"'],["'a,b'"],[' a , "b"'],['"unterminated'],['1,2.5,"x"'],['a\0b'],[b'a'],[1],['"a" ,b'],['""'],['a\\'],['"a\\'],[',""'],['é,€,\U0001f600']):
    for k in ({},{'strict':True},{'escapechar':'\\'},{'doublequote':False},{'skipinitialspace':True},{'quotechar':"'"},{'quoting':csv.QUOTE_NONE},{'quoting':csv.QUOTE_NONNUMERIC},{'delimiter':';'},{'quoting':csv.QUOTE_STRINGS},{'quoting':csv.QUOTE_NOTNULL}, {'escapechar':'\\','strict':True}):
        t(rd,x,**k)
def wr(rows,**k):
    f=io.StringIO(); w=csv.writer(f,**k); r=[w.writerow(x) for x in rows]; return f.getvalue(), r
for rows in ([['a','b']],[[1,2.5,None,True]],[['a,b','c"d','e\nf','g\rh']],[['']],[[]],[[None]],[['',None]],[' a '],['ab'],[5],[['\\','"']],[['a b',"'"]],[[object]],[(1,'x')],[['é;']],[[1e300,float('nan')]],[[' ']], [['a\0b']],[[b'x']], [['\u2028', '\r\n']]):
    for k in ({},{'quoting':csv.QUOTE_ALL},{'quoting':csv.QUOTE_NONNUMERIC},{'quoting':csv.QUOTE_NONE},{'quoting':csv.QUOTE_NONE,'escapechar':'\\'},{'escapechar':'\\','doublequote':False},{'doublequote':False},{'delimiter':';'},{'lineterminator':'!'},{'quotechar':"'"},{'quoting':csv.QUOTE_STRINGS},{'quoting':csv.QUOTE_NOTNULL},{'quotechar':None,'quoting':3},{'dialect':'excel-tab'},{'dialect':'unix'},{'delimiter':' '}, {'delimiter':' ','skipinitialspace':True}):
        t(wr,rows,**k)
for k in ({'delimiter':''},{'delimiter':'ab'},{'delimiter':1},{'delimiter':None},{'delimiter':'\n'},{'delimiter':' '},{'quotechar':''},{'quotechar':'ab'},{'quotechar':None},{'quotechar':1},{'quoting':99},{'quoting':'x'},{'lineterminator':None},{'lineterminator':5},{'escapechar':'ab'},{'escapechar':5},{'escapechar':''},{'foo':1},{'dialect':'nope'},{'delimiter':','},{'quotechar':','},{'escapechar':','},{'escapechar':'"'},{'quotechar':'\r'},{'escapechar':'\n'},{'doublequote':'x'},{'strict':1},{'skipinitialspace':1,'delimiter':' '},{'lineterminator':','},{'quoting':csv.QUOTE_ALL,'quotechar':None},{'quotechar':' '},{'escapechar':' ','skipinitialspace':True},{'delimiter':b','},{'quoting':1.5},{'lineterminator':''}):
    t(csv.reader,['a'],**k); t(_csv.Dialect,**k)
t(csv.reader); t(csv.reader,5); t(csv.reader,None); t(csv.writer); t(csv.writer,5); t(csv.reader,[],5); t(csv.writer,io.StringIO(),'excel',1)
d=_csv.Dialect(); print({n:getattr(d,n) for n in dir(d) if not n.startswith('_')})
try: d.delimiter=1
except Exception as e: print(type(e),e)
try: d.strict=1
except Exception as e: print(type(e),e)
try: del d.quoting
except Exception as e: print(type(e),e)
t(_csv.Dialect,d); print(_csv.Dialect(d) is d); t(_csv.Dialect,'excel'); t(_csv.Dialect,1,2)
t(_csv.register_dialect,'x',delimiter=';'); print(_csv.list_dialects(), _csv.get_dialect('x').delimiter); t(_csv.register_dialect,1); t(_csv.register_dialect); t(_csv.get_dialect,'zz'); t(_csv.unregister_dialect,'x'); t(_csv.unregister_dialect,'x'); t(_csv.register_dialect,'y',5); t(_csv.register_dialect,'y',csv.excel); t(_csv.register_dialect,'y',csv.excel,foo=1)
t(_csv.field_size_limit); t(_csv.field_size_limit,10); t(rd,['a'*11]); t(rd,['"'+'a'*11+'"']); t(_csv.field_size_limit,'x'); t(_csv.field_size_limit,1.5); t(_csv.field_size_limit,131072); t(_csv.field_size_limit,1,2)
r=csv.reader(['a','"b','c"']); print(r.line_num, next(r), r.line_num, next(r), r.line_num, type(r.dialect)); t(next,r); print(iter(r) is r)
t(type(r)); 
class W:
    def write(s,x): return len(x)
w=csv.writer(W()); print(w.writerow(['a','b']), w.writerows([['a'],['b']]), type(w.dialect)); t(w.writerows,5); t(w.writerow); t(w.writerow,5); t(w.writerow,'')
class E(str): pass
t(rd,[E('a,b')])
class D(csv.Dialect): delimiter=';'; quoting=0; lineterminator='\n'; quotechar='"'
t(csv.reader,['a;b'],D); t(csv.reader,['a;b'],D()); print(list(csv.reader(['a;b'],D,delimiter='b')))
class N: delimiter='|'
print(list(csv.reader(['a|b'],N)))
import copy,pickle; t(copy.copy,d); t(pickle.dumps,d); t(copy.deepcopy,r)
print(list(csv.DictReader(['a,b','1,2']))); f=io.StringIO(); x=csv.DictWriter(f,['a','b']); x.writeheader(); x.writerow({'a':1,'b':2}); print(repr(f.getvalue())); print(csv.Sniffer().sniff('a;b\n1;2\n').delimiter)
for n in ('reader','writer','Reader','Writer','Dialect'): print(n, repr(getattr(_csv,n).__doc__)[:2000])
print(_csv.__version__ if hasattr(_csv,'__version__') else '-', csv.__doc__ is None, _csv.Error.__mro__)
