# re, json, string, textwrap on small inputs.
import json
import re
import string
import textwrap

m = re.match(r"(\w+)-(?P<n>\d+)", "abc-123 rest")
print(m.group(), m.groups(), m["n"], m.span(1), re.findall(r"\d+", "1 22 333"), re.sub(r"(\w)(\w)", r"\2\1", "abcd"), re.split(r"[,;]\s*", "a, b;c"), re.fullmatch("a*", "aab"))
print(json.dumps({"a": [1, 2.5, None, True], "é": "x\n"}), json.loads('{"k": [1, {"z": null}]}'), json.dumps([1], indent=1))
print(string.ascii_lowercase, string.Template("$x ${y}").substitute(x=1, y=2))
print(textwrap.fill("the quick brown fox jumps over the lazy dog", 20))
