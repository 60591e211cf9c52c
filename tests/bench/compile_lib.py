"""compile() over many modules: parsing and code generation, no execution.

The argument names a file with one path of a module a line.
"""

import pyperf


def sources(listing):
    result = []
    with open(listing, encoding="utf-8") as names:
        for name in names.read().splitlines():
            with open(name, encoding="utf-8") as file:
                result.append((name, file.read()))
    return result


def compile_all(modules):
    for name, text in modules:
        compile(text, name, "exec", dont_inherit=True)


if __name__ == "__main__":
    runner = pyperf.Runner()
    runner.argparser.add_argument("listing")
    runner.bench_func("compile_lib", compile_all, sources(runner.parse_args().listing))
