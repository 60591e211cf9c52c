"""pyparsing: a calculator, lists, and the errors of a grammar."""

import operator

import pyparsing as pp

ppc = pp.pyparsing_common
integer = ppc.integer
OPS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": operator.pow}


def left(tokens):
    items = list(tokens[0])
    value = items[0]
    for op, other in zip(items[1::2], items[2::2]):
        value = OPS[op](value, other)
    return value


expr = pp.infix_notation(
    ppc.number,
    [
        ("^", 2, pp.OpAssoc.RIGHT, lambda t: t[0][0] ** t[0][-1]),
        (pp.one_of("+ -"), 1, pp.OpAssoc.RIGHT, lambda t: -t[0][1] if t[0][0] == "-" else t[0][1]),
        (pp.one_of("* /"), 2, pp.OpAssoc.LEFT, left),
        (pp.one_of("+ -"), 2, pp.OpAssoc.LEFT, left),
    ],
)
for text in ("1 + 2 * 3", "(1 + 2) * 3 - -4", "2 ^ 3 ^ 1", "7 / 2 - 1.5"):
    print(text, expr.parse_string(text, parse_all=True)[0])
for text in ("1 +", "(2", "a"):
    try:
        expr.parse_string(text, parse_all=True)
    except pp.ParseException as e:
        print(e, e.loc, e.line)
word = pp.Word(pp.alphas, pp.alphanums + "_")
value = pp.Forward()
pair = pp.Group(word("key") + pp.Suppress("=") + value("value"))
value <<= pp.QuotedString('"') | ppc.number | pp.Group(pp.Suppress("[") + pp.DelimitedList(value) + pp.Suppress("]"))
config = pp.ZeroOrMore(pair).ignore(pp.python_style_comment)
result = config.parse_string('a = 1 # one\nb = "x y"\nc = [1, [2, 3], "z"]\n')
print(result.as_list(), [r.key for r in result], result[2].dump())
print(pp.Word(pp.nums).search_string("a1b22c333").as_list(), pp.Word("ab").transform_string("xaby"))
print(word, pp.Combine(word + "." + word), pp.Opt(word)("o"))
