"""idna, chardet, tabulate, toml, tomli, simplejson, dateutil: a few calls of each."""

import datetime

import chardet
import idna
import simplejson
import toml
import tomli
from dateutil import parser, relativedelta, rrule
from tabulate import tabulate

print(idna.encode("ドメイン.テスト"), idna.decode("xn--eckwd4c7c.xn--zckzah"), idna.encode("Königsgäßchen", uts46=True))
try:
    idna.encode("a..b")
except idna.IDNAError as e:
    print(type(e).__name__, e)
for text, encoding in (("Привет, как дела сегодня вечером", "koi8-r"), ("日本語のテキストです。", "utf-16"), ("héllo wörld", "utf-8")):
    print(chardet.detect(text.encode(encoding)))
rows = [["Sun", 696000, 1.9891e9], ["Earth", 6371, 5973.6], ["Moon", 1737, 73.5]]
for style in ("plain", "grid", "github", "html", "latex", "fancy_grid"):
    print(tabulate(rows, headers=["name", "R", "mass"], tablefmt=style, floatfmt=".2f"))
data = tomli.loads('a = 1979-05-27T07:32:00Z\n[t]\nb = [1, 2.5, "x"]\nc = {d = true}\n[[r]]\nx = 0xff\n[[r]]\n')
print(data, toml.loads(toml.dumps({"a": [1, 2], "t": {"x": "y", "f": 1.5}})))
for bad in ("a = ", "[x", "a = 1\na = 2"):
    try:
        tomli.loads(bad)
    except tomli.TOMLDecodeError as e:
        print(e)
print(simplejson.dumps({"b": [1, None, 2.5], "a": "é\n"}, sort_keys=True, indent=" "), simplejson.loads('[1.10, {"x": "\\u00e9"}]'))
print(parser.parse("Thu Sep 25 10:36:28 2003"), parser.parse("10 July 1996 5:04 pm"), parser.isoparse("2024-02-03T04:05:06Z"))
start = datetime.datetime(2024, 1, 31)
print(start + relativedelta.relativedelta(months=1, weekday=relativedelta.FR), relativedelta.relativedelta(start, datetime.datetime(2020, 2, 29)))
print([d.date().isoformat() for d in rrule.rrule(rrule.MONTHLY, count=4, byweekday=rrule.TU(-1), dtstart=start)])
