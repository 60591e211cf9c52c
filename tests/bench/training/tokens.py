"""Trains strings: a tokenizer by hand, searching, splitting, wrapping, encoding."""

import sys
import textwrap

SOURCE = '''\
module store -- the stock of a small shop
def restock(item, amount = 12):
    if item.count < 3.5 and amount >= 1 then
        item.count := item.count + amount * 2
        print("restocked \\"{}\\" today", item.name)
    end
    return item.count != 0x1F
end
'''
SYMBOLS = (":=", ">=", "<=", "!=", "--", "(", ")", ",", ":", ".", "<", ">", "=", "+", "-", "*")
KEYWORDS = {"def", "if", "then", "end", "return", "and", "module"}


def tokens(text):
    at, size = 0, len(text)
    while at < size:
        char = text[at]
        if char.isspace():
            at += 1
        elif text.startswith("--", at):
            end = text.find("\n", at)
            at = size if end < 0 else end
        elif char.isalpha() or char == "_":
            start = at
            while at < size and (text[at].isalnum() or text[at] == "_"):
                at += 1
            word = text[start:at]
            yield ("keyword" if word in KEYWORDS else "name"), word
        elif char.isdigit():
            start = at
            while at < size and (text[at].isalnum() or text[at] == "."):
                at += 1
            number = text[start:at]
            yield "number", int(number, 16) if number[:2] == "0x" else float(number)
        elif char == '"':
            piece = []
            at += 1
            while text[at] != '"':
                if text[at] == "\\":
                    at += 1
                piece.append(text[at])
                at += 1
            at += 1
            yield "string", "".join(piece)
        else:
            for symbol in SYMBOLS:
                if text.startswith(symbol, at):
                    yield "symbol", symbol
                    at += len(symbol)
                    break
            else:
                raise SyntaxError(f"unexpected {char!r}")


def caesar(text, key):
    lower = "abcdefghijklmnopqrstuvwxyz"
    moved = lower[key:] + lower[:key]
    return text.translate(str.maketrans(lower + lower.upper(), moved + moved.upper()))


def run_lengths(text):
    result = ""
    previous, times = None, 0
    for char in text + "\0":
        if char == previous:
            times += 1
            continue
        if previous is not None:
            result += previous if times == 1 else f"{times}{previous}"
        previous, times = char, 1
    return result


def template(text, values):
    result, at = [], 0
    while (start := text.find("{{", at)) >= 0:
        end = text.index("}}", start)
        result += text[at:start], str(values.get(text[start + 2 : end].strip(), "?"))
        at = end + 2
    result.append(text[at:])
    return "".join(result)


def palindromes(text):
    clean = [char for char in text.casefold() if char.isalnum()]
    return sum(clean[i : i + 3] == clean[i : i + 3][::-1] for i in range(len(clean) - 2))


def columns(lines):
    parts = [line.partition(" ") for line in lines if line]
    width = max(len(head) for head, _, _ in parts)
    return [head.ljust(width, ".") + rest.strip().rjust(20)[:20] for head, _, rest in parts]


def main(scale):
    total = 0
    for seed in range(200 * scale):
        text = SOURCE.replace("store", f"store{seed % 17}").replace("12", str(seed % 40))
        kinds = {}
        for kind, value in tokens(text):
            kinds[kind] = kinds.get(kind, 0) + len(str(value))
        hidden = caesar(text, seed % 25 + 1)
        assert caesar(hidden, 25 - seed % 25) == text
        shown = template("Hello {{ name }}, {{count}} of {{ item }}{{x}}!" * 6,
                         {"name": hidden[:5], "count": seed, "item": "café"})
        data = shown.encode("utf-8")
        assert data.decode() == shown and len(shown.encode("utf-16-le")) == 2 * len(shown)
        wrapped = textwrap.wrap(shown, 28)
        lines = [line.strip() for line in text.splitlines()]
        words = sorted({word.strip("(),.:") for line in lines for word in line.split()})
        figures = (*kinds.values(), len(run_lengths("".join(sorted(hidden)))), len(data),
                   len(wrapped), sum(map(ord, hidden[::7])), palindromes(hidden),
                   len("".join(columns(lines))), len("-".join(words).title()),
                   text.count("item"), text.rfind("end"), sum(word.endswith("t") for word in words),
                   len(hidden.upper().expandtabs().split("E")), hidden < text,
                   len(ascii(shown)), len(repr(lines)), sum(word.isidentifier() for word in words))
        for figure in figures:
            total = (total * 37 + figure) % 1_000_003
    print("tokens", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
