# Tokens of lines, as the module tokenize gives them.
import io
import tokenize

SAMPLES = [
    "x = 1\n",
    "if x:\n    y = 'a'  # why\n\n# alone\nz",
    "f(a,\n  b)[0] += 0x1f + 1.5e-3j\n",
    "'''one\ntwo''' + \\\n  b'x'\n",
    "def f(a, /, b: int = 3, *, c=None) -> str: ...\n",
    "",
]
for sample in SAMPLES:
    for token in tokenize.generate_tokens(io.StringIO(sample).readline):
        print(tokenize.tok_name[token.exact_type], repr(token.string), token.start, token.end, repr(token.line))
    print("-")
for token in tokenize.tokenize(io.BytesIO(b"x = 'abc'\n").readline):
    print(token)
