# import forms.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check(
    'import a',
    'import a.b.c as d',
    'import a, b as c',
    'from a import b',
    'from a import (b, c,)',
    'from . import a',
    'from ...a.b import c',
    'from a import *',
    'import',
    'import a.',
    'import *',
    'from a import',
    'from a import ()',
    'from import a',
    'from . import *',
    'import a as b.c',
    'from a import b as',
    'from a import b, ',
    'import (a)',
    'from a.b. import c',
    'from a import (b',
    'def f(): from a import *',
)
