"""Searches for patterns whose matches all have the same characters somewhere."""
import re

TEXTS = ["", "a", "xfoo", "foo", "xxfooyfoo", "afoo bfoo cfo", "fofofoo", "a;b ; c;", 'x"/Q(12)/" "/Q(-3)/"', "ab" * 20 + "foo", "\u0416foo\u20acfoo", "line\nfoo\nbar foo\n", "FOO foo"]
PATTERNS = [
    r".foo", r".?foo", r"\wfoo", r"(a|bc|)foo", r"[a-z]+foo", r"\s?;\s?", r'(^|[^\\])"/Q\((-?[0-9]+)\)/"', r"(?:x|y)?foo(?:y|$)",
    r"(?<=x)foo", r"(?!a).foo", r"[^f]*foo$", r"^.*foo", r"(?m)^foo$", r"(?i)[a-z]foo", r"(?:ab){2,}foo", r"(\w)\1?foo", r".{0,3}?foo", r"(?s:.)foo",
    r"[xf]o*foo|b", r"(a)?(?(1)foo|fo)", r"(?>[a-z]*?)foo", r"[a-z]++foo", r"\bfoo\b", r"[a-z]f(?:o)o", r"[\u0400-\u04ff]foo", r".\u20ac.",
]
for pattern in PATTERNS:
    compiled = re.compile(pattern)
    for text in TEXTS:
        found = compiled.search(text)
        print(ascii(pattern), ascii(text), found and (found.span(), found.groups()), [m.span() for m in compiled.finditer(text)], ascii(compiled.sub("-", text)), compiled.search(text, 2, 9) and compiled.search(text, 2, 9).span())
for pattern in PATTERNS[:8]:
    try:
        compiled = re.compile(pattern.encode())
    except (re.error, UnicodeError):
        continue
    for text in TEXTS:
        print(pattern, [m.span() for m in compiled.finditer(text.encode())], compiled.split(text.encode()))
