"""Trains text building: f-strings, % and str.format, templates, numbers as text."""

import io
import sys
from string import Formatter, Template

LETTER = Template("Dear $name,\nyour ${thing}s cost $$$amount. $missing\n")


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __format__(self, spec):
        if spec.endswith("p"):
            return f"<{self.x:{spec[:-1]}}; {self.y:{spec[:-1]}}>"
        return format(str(self), spec)

    def __str__(self):
        return f"({self.x}, {self.y})"

    def __repr__(self):
        return f"{type(self).__name__}(x={self.x!r}, y={self.y!r})"


class Loud(Formatter):
    def convert_field(self, value, conversion):
        if conversion == "u":
            return str(value).upper()
        return super().convert_field(value, conversion)


def invoice(rows, width):
    lines = [f"{'name':<{width}}|{'each':>8}|{'n':^5}|{'total':>10}", "-" * (width + 26)]
    for name, price, number in rows:
        total = price * number
        lines.append(f"{name:<{width}.{width}}|{price:>8.2f}|{number:^5d}|{total:>10,.2f}")
    lines.append(f"{'':{width}} {sum(p * n for _, p, n in rows):>24_.1f}")
    return "\n".join(lines)


def percent_style(seed, value):
    return "%s %r %5d|%-6d|%06.2f|%e|%g|%x %#o %c %%" % (
        value, value, seed, seed, seed / 7, seed * 1.5, seed / 1e7, seed, seed, 65 + seed % 26)


def method_style(seed, point):
    text = "{0:>6} {1} {0!r:*^9} {point.x:+d} {point.y:=+8.3f} {items[1]:#b} {{}} {:.3}"
    auto = "{} {:>5} {!s} {:08.3f} {:%}".format(seed, seed * 2, point, seed / 3, seed / 64)
    named = "{point:4p} {point:>20} {point!r}".format_map({"point": point})
    return text.replace("{:.3}", "{2:.3}").format(
        seed, "mid", "abcdef", point=point, items=[1, seed + 2]) + auto + named


def numbers(seed):
    values = [seed / 9, seed * 1e15 + 0.5, -seed / 1e5, float(seed), 1e300 * (seed + 1)]
    shown = [repr(value) for value in values] + [f"{value:.4g}" for value in values]
    shown += [str(round(value, 3)) for value in values[:3]]
    back = [float(text) for text in shown]
    ints = [bin(seed), oct(seed * 9), hex(seed << 40), f"{seed * 10**20:,}", f"{seed:#010x}"]
    return len("".join(shown)) + sum(value > 0 for value in back) + len(" ".join(ints)) \
        + int(ints[0], 2) + int(ints[2], 16) % 97


def report(seed):
    out = io.StringIO()
    print("seed", seed, sep="=", end=";", file=out)
    for number in range(6):
        print(number, number * seed, [number] * 2, (seed,), {number: None}, file=out)
    debug = seed % 100
    out.write(f"{debug=} {debug + 1 = } {debug!r:>5} {'nested ' + f'{debug:>{debug % 5 + 3}}'}\n")
    out.writelines(line + "\n" for line in map(str, (None, True, 1.5, 2j, b"x\xff", range(3))))
    return out.getvalue()


def page(rows):
    cells = "".join(
        "<tr>" + "".join(f'<td class="c{i}">{cell}</td>' for i, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    escaped = cells.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "<table>" + cells + "</table><pre>" + escaped + "</pre>"


def main(scale):
    total = 0
    loud = Loud()
    for seed in range(330 * scale):
        point = Point(seed % 50, seed / 8)
        rows = [(f"thing {i} & co", (seed + i) % 40 + i / 8, i * 5 + 1) for i in range(6)]
        letter = LETTER.safe_substitute(name=f"N{seed}", thing="lamp", amount=f"{seed:.2f}")
        texts = (invoice(rows, 10 + seed % 6), percent_style(seed, point),
                 method_style(seed, point), letter, report(seed), page(rows),
                 loud.format("{0!u} and {name!r:>12}", "quiet", name=point))
        figures = [len(text) * 3 + ord(text[seed % len(text)]) for text in texts]
        for figure in (*figures, numbers(seed)):
            total = (total * 43 + figure) % 1_000_003
    print("formatting", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
