# A small program: tokenise, parse and evaluate arithmetic.
def tokens(text):
    i = 0
    while i < len(text):
        c = text[i]
        if c.isspace():
            i += 1
        elif c.isdigit() or c == ".":
            j = i
            while j < len(text) and (text[j].isdigit() or text[j] == "."):
                j += 1
            yield ("num", float(text[i:j]) if "." in text[i:j] else int(text[i:j]))
            i = j
        elif c.isalpha():
            j = i
            while j < len(text) and text[j].isalnum():
                j += 1
            yield ("name", text[i:j])
            i = j
        elif text[i:i + 2] == "**":
            yield ("op", "**")
            i += 2
        else:
            yield ("op", c)
            i += 1
    yield ("end", None)


class Parser:
    LEVELS = [{"+": lambda a, b: a + b, "-": lambda a, b: a - b}, {"*": lambda a, b: a * b, "/": lambda a, b: a / b, "%": lambda a, b: a % b}]

    def __init__(self, text, env):
        self.stream, self.env = tokens(text), env
        self.advance()

    def advance(self):
        self.current = next(self.stream)

    def take(self, op):
        if self.current == ("op", op):
            self.advance()
            return True
        return False

    def expr(self, level=0):
        if level == len(self.LEVELS):
            return self.power()
        left = self.expr(level + 1)
        while self.current[0] == "op" and (f := self.LEVELS[level].get(self.current[1])):
            self.advance()
            left = f(left, self.expr(level + 1))
        return left

    def power(self):
        if self.take("-"):
            return -self.power()
        base = self.atom()
        return base ** self.power() if self.take("**") else base

    def atom(self):
        match self.current:
            case ("num", v):
                self.advance()
                return v
            case ("name", n):
                self.advance()
                return self.env[n]
            case ("op", "("):
                self.advance()
                v = self.expr()
                if not self.take(")"):
                    raise SyntaxError("expected )")
                return v
            case (_, other):
                raise SyntaxError(f"unexpected {other!r}")


for text in ["1 + 2 * 3", "(1 + 2) * 3", "2 ** 3 ** 2", "-2 ** 2", "10 / 4 - 1.5", "x * (y + 1) % 7", "1 +", "(1", "z", "7 / 0"]:
    try:
        print(text, "=", Parser(text, {"x": 5, "y": 9}).expr())
    except (SyntaxError, KeyError, ZeroDivisionError) as e:
        print(text, "!", type(e).__name__, e)
