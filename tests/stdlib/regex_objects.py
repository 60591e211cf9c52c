"""The objects of regular expressions: patterns, matches, scanners, replacements, what is refused."""

import copy
import re
import weakref

p = re.compile(r"(?P<a>\d+)(x)?-(\w+)", re.I)
m = p.search("zz 12-ab 34X-cd")
print(p, m, m.groups(), m.groupdict(), m.span(), m.span("a"), m.regs, m.lastindex, m.lastgroup, m["a"], m[3], m.start(2))
print(p.findall("zz 12-ab 34X-cd"), p.split("zz 12-ab 34X-cd e"), p.sub(r"<\g<a>|\3|\2>", "zz 12-ab 34X-cd e"))
print([x.group() for x in p.finditer("12-ab 34X-cd")])
print(re.sub("", "-", "abc"), re.split(r"(?=b)", "abab"), re.findall("", "abc"))
print(re.sub("é+", lambda m: m.group().upper(), "caféé 日本é"), re.search("本", "日本é").span())
print(re.compile(b"a\\d", re.M | re.S), re.sub(b"a", b"b", bytearray(b"banana")))
for text in [
    "re.Pattern()",
    "type(m)()",
    "m.group(9)",
    "m.group('zz')",
    "m[1.5]",
    "p.match(b'a')",
    "p.match(3)",
    "re.match(b'a', 'a')",
    "p == re.compile(p.pattern, p.flags)",
    "hash(p) == hash(re.compile(p.pattern, p.flags))",
    "re.sub('a', 3, 'banana')",
    "m.expand(r'\\1-\\3')",
    "p.scanner('12-a').search()",
    "re.sub('(a)|b', r'[\\1]', 'abc')",
    "p.groupindex",
    "re.subn('a', 'b', 'aaa', count=2)",
    "re.Match[str]",
    "type(p.scanner(''))",
    "re.fullmatch('(?>a+)b', 'aab')",
    "re.match('(?:a{1,3}+)a', 'aaaa')",
    "re.match('(a)?(?(1)b|c)', 'ab')",
    "re.compile('(?<!a)b').search('ab b')",
    "re.compile('[^a-z]+|[é-ü]').findall('aZZéé')",
    r"re.match(r'[19\xdf]', '\u1e9e', re.I)",
]:
    try:
        print(text, eval(text))
    except Exception as error:
        print(text, repr(error))
print(copy.copy(p) is p, weakref.ref(p)() is p)

import _sre

for code in [[], [1], [5, 3, 1], [16], [17, 9, 1]]:
    try:
        _sre.compile("abc", 0, code, 0, {}, ())
        print(code, "runs")
    except Exception as error:
        print(code, repr(error))

changing = bytearray(b"x")
found = re.finditer(b"a", changing)
try:
    changing.extend(b"y")
except BufferError as error:
    print(error)
list(found)
