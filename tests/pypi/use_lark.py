"""lark: Earley and LALR grammars, transformers and errors."""

from lark import Lark, Transformer, UnexpectedInput, Visitor, v_args

GRAMMAR = r"""
    ?start: sum | NAME "=" sum -> assign
    ?sum: product | sum "+" product -> add | sum "-" product -> sub
    ?product: atom | product "*" atom -> mul | product "/" atom -> div
    ?atom: NUMBER -> number | "-" atom -> neg | NAME -> var | "(" sum ")"
    %import common.CNAME -> NAME
    %import common.NUMBER
    %import common.WS_INLINE
    %ignore WS_INLINE
"""


@v_args(inline=True)
class Calculate(Transformer):
    from operator import add, mul, neg, sub
    from operator import truediv as div

    number = float

    def __init__(self):
        super().__init__()
        self.vars = {}

    def assign(self, name, value):
        self.vars[name] = value
        return value

    def var(self, name):
        return self.vars[name]


for kind in ("lalr", "earley"):
    parser, calculate = Lark(GRAMMAR, parser=kind), Calculate()
    for text in ("a = 1 + 2", "a * (4 - 2.5) / -3", "1 - 2 - 3"):
        tree = parser.parse(text)
        print(kind, tree, calculate.transform(tree))
        print(tree.pretty())
    for bad in ("1 +", "1 $ 2", "(1"):
        try:
            parser.parse(bad)
        except UnexpectedInput as e:
            print(type(e).__name__, e.get_context(bad).splitlines())
json = Lark(
    r"""
    ?value: object | array | ESCAPED_STRING | SIGNED_NUMBER | "true" | "false" | "null"
    array: "[" [value ("," value)*] "]"
    object: "{" [pair ("," pair)*] "}"
    pair: ESCAPED_STRING ":" value
    %import common (ESCAPED_STRING, SIGNED_NUMBER, WS)
    %ignore WS
    """,
    start="value",
    parser="lalr",
    propagate_positions=True,
)
tree = json.parse('{"a": [1, 2, {"b": null}], "c": -1.5e3}')


class Count(Visitor):
    pairs = 0

    def pair(self, tree):
        self.pairs += 1


print(tree.pretty(), Count().visit(tree) is tree, tree.meta.end_column, len(list(tree.find_data("pair"))))
