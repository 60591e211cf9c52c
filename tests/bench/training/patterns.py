"""Trains regular expressions: compiling many patterns, searching, substituting."""

import re
import sys

LOG = """\
2024-03-{day:02} 10:{minute:02}:17 INFO  shop.orders: order #{number} by anna@example.org took {ms}ms
2024-03-{day:02} 10:{minute:02}:18 WARN  shop.stock: item "blue lamp" below {minute} pieces
2024-03-{day:02} 10:{minute:02}:21 ERROR shop.mail: cannot reach 10.0.{day}.{minute}:2525 (try {day})
  at send(mail.c:{number}) <b>retry</b> later &amp; more
"""
PATTERNS = [
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
    r"\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b",
    r"(?:\d{1,3}\.){3}\d{1,3}(?::(\d+))?",
    r"#(\d+)",
    r'"([^"\\]|\\.)*"',
    r"^(\S+) (\S+) (?P<level>INFO|WARN|ERROR)\s+([\w.]+):",
    r"<(\w+)>(.*?)</\1>",
    r"(?i)\b(order|item|mail)s?\b",
    r"[aeiou]{2,}|[^\W\d_]{6,}",
    r"(?<=took )\d+(?=ms)",
    r"(?x) \( (?: [^()] | \( [^()]* \) )* \)  # one level of nesting",
    r"(\w)\1",
    r"&(?!amp;)\w+;|&amp;",
    r"[+-]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?",
    r"(a|b)*?c+[^a-f\s]{1,3}$",
]
FLAGS = (0, re.MULTILINE, re.IGNORECASE, re.MULTILINE | re.DOTALL)
SCANNER = re.compile(r"""
    (?P<number>\d+)
  | (?P<word>[A-Za-z]+)
  | (?P<space>\s+)
  | (?P<other>.)
""", re.VERBOSE)


def compile_all(seed):
    re.purge()
    found = []
    for number, pattern in enumerate(PATTERNS):
        if (seed + number) % 5 == 0:
            found.append(re.compile(pattern + f"|x{{{seed % 4 + 1}}}", FLAGS[number % 4]))
    return found


def scan(text):
    counts = dict.fromkeys(SCANNER.groupindex, 0)
    for match in SCANNER.finditer(text):
        counts[match.lastgroup] += match.end() - match.start()
    return list(counts.values())


def clean(text):
    text = re.sub(r"<[^>]+>", "", text)
    text = re.sub(r"(\d+)", lambda match: str(int(match[1]) + 1), text)
    text, times = re.subn(r"\s+", " ", text)
    text = re.sub(r"(?P<first>\w+)\.(?P<second>\w+)", r"\g<second>/\g<first>", text)
    return re.escape(text), times


def levels(text):
    line = re.compile(PATTERNS[5], re.MULTILINE)
    result = {}
    for match in line.finditer(text):
        result.setdefault(match["level"], []).append(match.group(4))
    return result


def fields(text):
    total = 0
    for line in text.splitlines():
        match = re.match(PATTERNS[0], line)
        if match:
            total += sum(int(value) for value in match.groupdict().values())
        total += len(re.split(r"[\s:,.]+", line))
        if re.fullmatch(r"\s+at .*", line):
            total += 1000
        search = re.search(r"(\w+)\(([^:]+):(\d+)\)", line)
        if search is not None:
            total += int(search[3]) + search.span(2)[0]
    return total


def main(scale):
    total = 0
    fixed = [re.compile(pattern, re.MULTILINE) for pattern in PATTERNS]
    for seed in range(15 * scale):
        text = "".join(
            LOG.format(day=1 + (seed + i) % 28, minute=(seed * 7 + i) % 60,
                       number=1000 + seed * 13 + i, ms=seed * 3 % 400)
            for i in range(4)
        )
        figures = [len(pattern.findall(text)) for pattern in compile_all(seed)]
        figures += [sum(match.start() for match in pattern.finditer(text)) for pattern in fixed]
        figures += scan(text)
        escaped, times = clean(text)
        figures += [len(escaped), times, len(levels(text)), fields(text)]
        for figure in figures:
            total = (total * 41 + figure) % 1_000_003
    print("patterns", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
