# Imports which fail, and what stays in sys.modules.
import sys


def attempt(src):
    try:
        exec(src, {"__name__": "test_module", "__package__": ""})
    except Exception as e:
        print(type(e).__name__, str(e).split(" (/")[0], getattr(e, "name", None))


attempt("import nope_nope")
attempt("import pkgs.nope")
attempt("import pkgs.alpha.nope.deep")
attempt("from pkgs import nope")
attempt("from pkgs.beta import nope")
attempt("import pkgs.star_source.sub")
attempt("from . import x")
attempt("from .x import y")
attempt("import pkgs.fails")
print("pkgs.fails" in sys.modules)
attempt("import pkgs.fails")
attempt("from pkgs.star_source import not_there")
attempt("import pkgs.circular_from")
sys.modules["blocked"] = None
attempt("import blocked")
attempt("__import__('')")
attempt("__import__(5)")
attempt("__import__('x', level=-1)")
attempt("from .... import x")
try:
    import pkgs.broken_syntax
except SyntaxError as e:
    print(type(e).__name__, e.msg, e.lineno, e.filename.split("/")[-1])
