def mk(): return [Exception(i) for i in range(4)]
def chain(e):
    r=[]
    while e is not None: r.append(e.args[0]); e=e.__context__
    return r
def g():
    try: yield
    except Exception as x: print('in', chain(x)); yield
for preset in (0,1):
    _,e1,e2,e3=mk()
    if preset: e3.__context__=e2
    i=g(); next(i)
    try: raise e1
    except Exception: i.throw(e3)
    i=g()
    try:
        try: raise e1
        except Exception: i.throw(e3)
    except Exception as x: print('fresh', chain(x))
    def outer():
        try: raise e1
        except Exception:
            i=g(); next(i); i.throw(e3); yield
    next(outer())
async def co(): 
    pass
def k():
    try: raise KeyError('own')
    except KeyError:
        try: yield
        except Exception as x: print('in', chain(x)); yield
i=k(); next(i)
try: raise ValueError('outer')
except ValueError: i.throw(Exception('thrown'))
i=k(); next(i)
try:
    i.throw(Exception('t2'))
except Exception as x: print(chain(x))
def d(): yield from k()
i=d(); next(i); i.throw(Exception('t3'))
