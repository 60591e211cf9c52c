# concurrent.interpreters: interpreters that share nothing.
import sys
from concurrent import interpreters

assert sys.implementation.supports_isolated_interpreters
main = interpreters.get_main()
assert interpreters.get_current() == main and main.id == 0
first, second = interpreters.create(), interpreters.create()
print(first.id, second.id, first.is_running(), first.whence, [i.id for i in interpreters.list_all()])

first.exec("import sys; name = 'first'; sys.mark = 1")
second.exec("import sys; assert not hasattr(sys, 'mark'); assert 'name' not in globals()")
first.prepare_main(number=41, text="shared")
first.exec("print(name, number + 1, text)")
try:
    first.exec("def f():\n    return 1 / 0\nf()")
except interpreters.ExecutionFailed as e:
    print(e.excinfo.formatted, e.excinfo.type.__name__)
    print(e)
first.exec("print('still', name)")
first.exec("""if True:
    from concurrent import interpreters
    me = interpreters.get_current()
    print('inside', me.id, me.is_running())
    inner = interpreters.create()
    inner.exec('print("innermost")')
    inner.close()
""")
print(second.call(len, "four"))
try:
    second.call(int, "x")
except interpreters.ExecutionFailed as e:
    print(e.excinfo.formatted)
first.close()
for action in (first.close, lambda: first.exec("1"), lambda: second.exec(1)):
    try:
        action()
    except (interpreters.InterpreterNotFoundError, TypeError) as e:
        print(type(e).__name__)
print(interpreters.is_shareable((1, "a", None)), interpreters.is_shareable([]))
number = second.id
del second
try:
    interpreters.Interpreter(number)
except interpreters.InterpreterNotFoundError:
    print("gone")
