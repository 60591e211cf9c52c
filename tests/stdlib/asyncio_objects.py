# The types Future and Task and the functions of _asyncio: results, errors, and what they say.
import _asyncio
import re
import sys
import warnings
warnings.showwarning = lambda message, category, *rest: print(category.__name__, message)

def plain(value):
    return re.sub('0x[0-9a-f]+', '0x', str(value))

class L:
    log = []

    def get_debug(self):
        return False

    def call_soon(self, *a, **k):
        print('call_soon', [type(x).__name__ for x in a], list(k))
        self.log.append((a, k))

    def call_exception_handler(self, c):
        print('ceh', {k: type(v) for k, v in c.items()}, c['message'])
        raise OSError('handler')

    def is_running(self):
        return False
l = L()

def raw():
    return F.__new__(F)

def t(f):
    try:
        print(plain(f()))
    except BaseException as e:
        print(type(e), plain(e))
F = _asyncio.Future
T = _asyncio.Task
f = F(loop=l)
f.set_result(1)
t(lambda: f.set_result(1))
t(lambda: f.set_exception(1))
f = F(loop=l)
t(lambda: f.set_exception(1))
t(lambda: f.result())
t(lambda: f.exception())
t(lambda: f.set_exception(int))
t(lambda: F(1))
t(lambda: F(loop=l, x=1))
t(lambda: raw().result())
t(lambda: raw())
t(lambda: raw()._state)
t(lambda: raw()._loop)
t(lambda: raw().done())
t(lambda: raw().cancelled())
t(lambda: raw().cancel())
t(lambda: raw()._callbacks)
t(lambda: raw().add_done_callback(1))
t(lambda: iter(raw()))
t(lambda: raw().get_loop())
t(lambda: raw().remove_done_callback(1))
t(lambda: raw()._make_cancelled_error())
t(lambda: raw().set_result(1))
t(lambda: raw()._result)
t(lambda: raw()._exception)
t(lambda: raw()._cancel_message)
t(lambda: raw()._asyncio_awaited_by)
t(lambda: raw()._asyncio_future_blocking)
t(lambda: raw()._source_traceback)
t(lambda: raw()._log_traceback)
t(lambda: f.__dict__)
f.x = 1
t(lambda: f.__dict__)
t(lambda: vars(f))
t(lambda: delattr(f, '_asyncio_future_blocking'))
t(lambda: setattr(f, '_log_traceback', 1))
t(lambda: delattr(f, '_log_traceback'))
t(lambda: delattr(f, '_cancel_message'))
t(lambda: setattr(f, '_state', 1))
t(lambda: f.set_exception(ValueError(1)))
t(lambda: f.add_done_callback())
t(lambda: f.add_done_callback(1, 2))
t(lambda: f.cancel(1))
t(lambda: f.cancel('a', 'b'))
it = iter(f)
t(lambda: next(it))
t(lambda: next(it))
t(lambda: it.send(None))
t(lambda: it.throw(1))
t(lambda: it.throw(ValueError(1), 2))
t(lambda: it.throw(ValueError, 2, 3))
t(lambda: it.throw(ValueError, 'x'))
t(lambda: it.throw(ValueError))
t(lambda: it.throw())
t(lambda: it.close())
f = F(loop=l)
it = iter(f)
t(lambda: next(it) is f)
t(lambda: next(it))
t(lambda: it.throw(KeyError(1)))
sys.unraisablehook = lambda a: print(plain(a.err_msg), a.exc_value)
f = F(loop=l)
f.set_exception(ValueError(3))
del f, it

async def co():
    return 3
t(lambda: T())
t(lambda: T(1, loop=l))
t(lambda: T.__new__(T))
x = T.__new__(T)
t(lambda: x.get_coro())
t(lambda: x.get_name())
t(lambda: x.get_context())
t(lambda: x.cancelling())
t(lambda: x.uncancel())
t(lambda: x.cancel())
t(lambda: x._coro)
t(lambda: x._fut_waiter)
t(lambda: x._must_cancel)
t(lambda: x._log_destroy_pending)
t(lambda: x.set_name(1))
t(lambda: x.get_name())
t(lambda: x.set_result(1))
t(lambda: x.set_exception(1))
t(lambda: x._make_cancelled_error())
c = co()
ta = T(c, loop=l)
print(ta.get_name())
w = l.log[-1][0][0]
print(type(w), type(w).__mro__)
t(lambda: w.__qualname__)
t(lambda: w.__self__)
t(lambda: w(1))
t(lambda: w(x=1))
t(lambda: w())
_asyncio._set_running_loop(l)
t(lambda: w())
t(lambda: w())
print(plain(ta))
t(lambda: _asyncio._enter_task(l, ta))
t(lambda: _asyncio._enter_task(l, ta))
t(lambda: _asyncio._leave_task(l, 1))
t(lambda: _asyncio._leave_task(3, 1))
t(lambda: _asyncio._enter_task(3, 1))
t(lambda: _asyncio._swap_current_task(3, 1))
t(lambda: _asyncio._swap_current_task(l, 1))
t(lambda: _asyncio._swap_current_task(l, None))
t(lambda: _asyncio._leave_task(l, 1))
t(lambda: _asyncio.current_task())
t(lambda: _asyncio.current_task(3))
t(lambda: _asyncio.all_tasks())
t(lambda: _asyncio.all_tasks(3))
_asyncio._set_running_loop(None)
t(lambda: _asyncio.current_task())
t(lambda: _asyncio.all_tasks())
t(lambda: _asyncio.get_running_loop())
t(lambda: _asyncio._get_running_loop())
t(lambda: _asyncio._register_task(1))
t(lambda: _asyncio._register_eager_task(1))
t(lambda: _asyncio._unregister_eager_task(1))
t(lambda: _asyncio._unregister_task(1))
t(lambda: _asyncio.future_add_to_awaited_by(1, 2))
t(lambda: _asyncio._unregister_eager_task([]))
t(lambda: _asyncio._register_eager_task([]))
c = co()
ta = T(c, loop=l, name=5)
print(ta.get_name())
sys.unraisablehook = lambda a: print(plain(a.err_msg), a.exc_value)
del ta, w
l.log.clear()
c.close()

def gen():
    yield
t(lambda: T(gen(), loop=l))
