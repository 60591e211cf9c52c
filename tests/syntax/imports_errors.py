# Mistakes in import statements.
def check(*sources, mode="exec"):
    for s in sources:
        try:
            compile(s, "<test>", mode)
            print(repr(s), "accepted")
        except SyntaxError as e:
            print(repr(s), type(e).__name__, e.msg, (e.lineno, e.offset, e.end_lineno, e.end_offset))


check("import", "import a,", "import a b", "import a as", "import a.b as c", "import a.", "import .a", "import a, b as c, d", "import *", "import (a)", "from a import", "from a import b,", "from a import (b,)", "from a import ()", "from a import (b", "from a import b c", "from a import b as", "from a import *", "from a import *, b", "from a import (*)", "def f():\n from a import *", "class A:\n from a import *", "from . import a", "from .. import a", "from .a import b", "from ... import a", "from .... import a", "from . import", "from .a. import b", "from a. import b", "from a import b.c", "from 1 import a", "import 1", "import 'a'", "from 'a' import b", "from __future__ import annotations", "from __future__ import nope", "from __future__ import braces", "from __future__ import *", "x = 1\nfrom __future__ import annotations", "'doc'\nfrom __future__ import annotations", "'doc'\n'not doc'\nfrom __future__ import annotations", "def f():\n from __future__ import annotations", "from __future__ import division, print_function", "from __future__ import (generators,)", "import a; from __future__ import annotations", "import __debug__", "import a as __debug__", "from a import b as None", "import True", "import a from b", "from a import b from c", "import a as b.c", "from a import b as c.d", "import a as f()", "from a import b as [x]", "from a import b,\nc")
