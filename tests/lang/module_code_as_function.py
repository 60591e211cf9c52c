# The code of a module as a function and as a coroutine: its names are the globals, or the mapping given to eval.
import ast
import types

namespace = {"__builtins__": __builtins__}
code = compile("x = 1\nx += 1\nclass C: y = x\ndef f(): return x\n", "<code>", "exec")
function = types.FunctionType(code, namespace)
print(function(), namespace["x"], namespace["C"].y, namespace["f"]())


def run(coroutine):
    got = []
    try:
        while True:
            got.append(coroutine.send(None))
    except StopIteration as e:
        return got, e.value


class Twice:
    def __await__(self):
        yield "a"
        yield "b"
        return "done"


namespace["Twice"] = Twice
code = compile("z = await Twice()\nz2 = z * 2\ndel x\n[w := await Twice() for _ in 'ab']", "<code>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
print(run(types.FunctionType(code, namespace)()), namespace["z2"], "x" in namespace, namespace["w"])
local = {"x": 0}
print(run(eval(code, namespace, local)), local, namespace["z"])
code = compile("await Twice()", "<code>", "eval", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
print(run(eval(code, namespace)))
