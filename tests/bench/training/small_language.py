"""Trains a language: tokens, a parser into a tree, an evaluator, match and a stack machine."""

import re
import sys
from dataclasses import dataclass

TOKEN = re.compile(r"\s*(?:(\d+)|([a-z]\w*)|(<=|==|[-+*/%()<=,;{}]))")
LEVELS = {"==": 1, "<": 1, "<=": 1, "+": 2, "-": 2, "*": 3, "/": 3, "%": 3}
PROGRAM = """
fact(n) = if n <= 1 then 1 else n * fact(n - 1);
gcd(a, b) = if b == 0 then a else gcd(b, a % b);
steps(n, k) = if n == 1 then k else if n % 2 == 0 then steps(n / 2, k + 1)
              else steps(3 * n + 1, k + 1);
sum(n, f) = if n < 1 then 0 else {x = n * f; x - gcd(x, 12)} + sum(n - 1, f);
fact(START % 9) + gcd(START * 6, 84) * sum(12, 3) - steps(START + 1, 0)
"""


@dataclass(slots=True)
class Number:
    value: int


@dataclass(slots=True)
class Name:
    name: str


@dataclass(slots=True)
class Binary:
    operator: str
    left: object
    right: object


@dataclass(slots=True)
class If:
    test: object
    then: object
    otherwise: object


@dataclass(slots=True)
class Call:
    name: str
    arguments: list


@dataclass(slots=True)
class Let:
    name: str
    value: object
    body: object


class Parser:
    def __init__(self, text):
        self.tokens = [match.group().strip() for match in TOKEN.finditer(text)] + ["end"]
        self.at = 0

    @property
    def token(self):
        return self.tokens[self.at]

    def next(self, expected=None):
        token = self.token
        if expected is not None and token != expected:
            raise SyntaxError(f"expected {expected}, found {token}")
        self.at += 1
        return token

    def program(self):
        functions = {}
        while "=" in self.tokens[self.at : self.at + 8]:
            name = self.next()
            self.next("(")
            names = [self.next()]
            while self.token == ",":
                self.next()
                names.append(self.next())
            self.next(")")
            self.next("=")
            functions[name] = names, self.expression()
            self.next(";")
        body = self.expression()
        self.next("end")
        return functions, body

    def expression(self, level=1):
        left = self.atom()
        while LEVELS.get(self.token, 0) >= level:
            operator = self.next()
            left = Binary(operator, left, self.expression(LEVELS[operator] + 1))
        return left

    def atom(self):
        token = self.next()
        if token.isdigit():
            return Number(int(token))
        if token == "if":
            test = self.expression()
            self.next("then")
            then = self.expression()
            self.next("else")
            return If(test, then, self.expression())
        if token == "(":
            inner = self.expression()
            self.next(")")
            return inner
        if token == "{":
            name = self.next()
            self.next("=")
            value = self.expression()
            self.next(";")
            let = Let(name, value, self.expression())
            self.next("}")
            return let
        if self.token != "(":
            return Name(token)
        self.next()
        arguments = [self.expression()]
        while self.token == ",":
            self.next()
            arguments.append(self.expression())
        self.next(")")
        return Call(token, arguments)


def apply(operator, a, b):
    match operator:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a // b
        case "%":
            return a % b
        case "==" | "<" | "<=" if isinstance(a, int):
            return int(a == b if operator == "==" else a < b or operator == "<=" and a == b)
    raise ValueError(operator)


class Evaluator:
    def __init__(self, functions):
        self.functions = functions

    def evaluate(self, node, scope):
        return getattr(self, "on_" + type(node).__name__.lower())(node, scope)

    def on_number(self, node, scope):
        return node.value

    def on_name(self, node, scope):
        try:
            return scope[node.name]
        except KeyError:
            raise NameError(node.name) from None

    def on_binary(self, node, scope):
        return apply(node.operator, self.evaluate(node.left, scope), self.evaluate(node.right, scope))

    def on_if(self, node, scope):
        return self.evaluate(node.then if self.evaluate(node.test, scope) else node.otherwise, scope)

    def on_let(self, node, scope):
        return self.evaluate(node.body, {**scope, node.name: self.evaluate(node.value, scope)})

    def on_call(self, node, scope):
        names, body = self.functions[node.name]
        values = [self.evaluate(argument, scope) for argument in node.arguments]
        return self.evaluate(body, dict(zip(names, values, strict=True)))


def fold(node):
    match node:
        case Binary(operator, left, right):
            match fold(left), fold(right):
                case Number(a), Number(b):
                    return Number(apply(operator, a, b))
                case left, right:
                    return Binary(operator, left, right)
        case If(test, then, otherwise):
            return If(fold(test), fold(then), fold(otherwise))
        case Call(name, [*arguments]):
            return Call(name, [fold(argument) for argument in arguments])
        case Let(name=name, value=value, body=body):
            return Let(name, fold(value), fold(body))
        case Number() | Name():
            return node


def flatten(node, code):
    match node:
        case Number(value):
            code.append(("push", value))
        case Binary(operator=operator, left=left, right=right):
            flatten(left, code)
            flatten(right, code)
            code.append(("apply", operator))
        case Call(name, arguments):
            for argument in arguments:
                flatten(argument, code)
            code.append(("call", name, len(arguments)))
    return code


def execute(code, functions):
    stack = []
    for instruction in code:
        match instruction:
            case ["push", value]:
                stack.append(value)
            case ["apply", operator]:
                right = stack.pop()
                stack[-1] = apply(operator, stack[-1], right)
            case ["call", name, count]:
                arguments = [Number(value) for value in stack[-count:]]
                stack[-count:] = [Evaluator(functions).evaluate(Call(name, arguments), {})]
    return stack.pop()


def main(scale):
    total = 0
    for seed in range(24 * scale):
        functions, body = Parser(PROGRAM.replace("START", str(seed % 200 + 2))).program()
        value = Evaluator(functions).evaluate(body, {})
        folded = fold(body)
        small = {name: (names, fold(part)) for name, (names, part) in functions.items()}
        code = flatten(folded, [])
        assert execute(code, small) == value and len(repr(folded)) <= len(repr(body))
        try:
            Parser("f(1, 2 + ; 3)").program()
        except SyntaxError as error:
            total += len(error.msg)
        total = (total * 89 + value + len(code)) % 1_000_003
    print("small language", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
