"""Tools that read programs: pyflakes, pycodestyle, parso, jedi, pycparser, sqlglot, isort."""

import io
import pathlib

import isort
import jedi
import parso
import pycodestyle
import sqlglot
from pycparser import c_generator, c_parser
from pyflakes import api, reporter

SOURCE = '''import os, sys
from json import loads
def f(x, x2 = 1) :
    y=x+ undefined
    try:
        return f"{x!r:>{x2}}"
    except ValueError as e:
        pass
class A( object ):
    def m(self): return [i for i in range(3) if i]; print("x")
match f(1):
    case {"a": [1, *rest]} if rest: print(rest)
'''
out = io.StringIO()
print(api.check(SOURCE, "x.py", reporter.Reporter(out, out)))
print(out.getvalue())
checker = pycodestyle.Checker("x.py", lines=SOURCE.splitlines(True), options=pycodestyle.StyleGuide(quiet=True).options)
checker.report = pycodestyle.StandardReport(checker.options)
print(checker.check_all(), sorted(checker.report.counters))
tree = parso.parse(SOURCE, version="3.13")
print(tree.get_code() == SOURCE, tree.children[0], [n.name.value for n in tree.iter_funcdefs()], [n.name.value for n in tree.iter_classdefs()])
grammar = parso.load_grammar(version="3.13")
print([(e.code, e.message, e.start_pos) for e in grammar.iter_errors(parso.parse("x = (1,\ndef\n", version="3.13"))])
script = jedi.Script("class A:\n    def method_one(self): pass\n    def method_two(self): pass\nA().meth")
print([c.name for c in script.complete(4, 8)], [n.full_name for n in script.get_names()])
code = c_parser.CParser().parse("typedef int T; T f(int a, char *b[3]) { for (int i = 0; i < a; i++) { if (b[i]) return i ? 1 : 2; } }")
print(c_generator.CGenerator().visit(code))
query = sqlglot.parse_one("SELECT a, COUNT(*) AS n FROM t LEFT JOIN u ON t.id = u.id WHERE b > 1 AND c IN (1, 2) GROUP BY 1 ORDER BY n DESC LIMIT 5")
print(query.sql(pretty=True), [c.name for c in query.find_all(sqlglot.exp.Column)])
print(sqlglot.transpile("SELECT DATE_ADD(x, INTERVAL 1 DAY), IFNULL(a, 'b')", read="mysql", write="postgres"))
print(isort.code("import sys, os\nfrom b import z, a\nimport re\nfrom . import c\n"), pathlib.Path("x").name)
