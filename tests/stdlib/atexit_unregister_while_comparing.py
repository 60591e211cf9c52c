# A comparison that unregister() makes may itself unregister.
import atexit


def run(what, when):
    log = []
    functions = [lambda n=n: log.append(n) for n in (1, 2, 3)]

    class Pred:
        count = 0

        def __eq__(self, other):
            Pred.count += 1
            if Pred.count == when:
                atexit.unregister(functions[what])
            return other is functions[1]

    for function in functions:
        atexit.register(function)
    atexit.unregister(Pred())
    atexit._run_exitfuncs()
    return log


for what in range(3):
    print([run(what, when) for when in range(1, 4)])
print(atexit._ncallbacks())
