"""pygments: several lexers and formatters over small sources."""

import pathlib

import pygments
from pygments import highlight, lex
from pygments.formatters import HtmlFormatter, NullFormatter, RawTokenFormatter, TerminalFormatter
from pygments.lexers import get_all_lexers, get_lexer_by_name, guess_lexer

SOURCES = {
    "python": "@dec\nasync def f(x: int = 0x1F) -> str:\n    '''doc'''\n    return f'{x!r:>{10}}' if x else None  # end\n",
    "c": "#include <stdio.h>\nint main(void) { /* c */ printf(\"%d\\n\", 1u << 3); return 0; }\n",
    "rust": "fn main() { let v: Vec<&'static str> = vec![\"a\"]; println!(\"{:?}\", v); }\n",
    "json": '{"a": [1, 2.5e3, null, true], "b": "\\u00e9"}\n',
    "html": "<!doctype html><p class=x>a &amp; b<script>var x = 1;</script></p>\n",
    "bash": "for i in $(seq 3); do echo \"$i\" | tr a-z A-Z; done\n",
    "sql": "SELECT a, COUNT(*) FROM t WHERE b = 'x' GROUP BY a; -- done\n",
    "diff": "--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n",
}
for name, source in SOURCES.items():
    lexer = get_lexer_by_name(name)
    print(name, [(str(kind), text) for kind, text in lex(source, lexer)])
    print(highlight(source, lexer, HtmlFormatter(linenos="inline")))
print(highlight(SOURCES["python"], get_lexer_by_name("python"), TerminalFormatter()))
print(highlight(SOURCES["c"], get_lexer_by_name("c"), RawTokenFormatter()))
print(guess_lexer("#!/usr/bin/python\nimport os\n"), len(list(get_all_lexers())))
print(HtmlFormatter(style="monokai").get_style_defs(".h")[:300])
text = pathlib.Path(pygments.__file__).read_text()
print(len(highlight(text, get_lexer_by_name("python"), HtmlFormatter())), highlight(text, get_lexer_by_name("python"), NullFormatter()) == text)
