"""Regular expressions."""

# baseline: import re
import re

TEXT = "alpha=1, beta=22; gamma = 333 # and more words here\n" * 200


def main():
    pair = re.compile(r"(\w+)\s*=\s*(\d+)")
    found = [m.groups() for m in pair.finditer(TEXT)]
    return found, re.sub(r"[aeiou]", "*", TEXT), re.split(r"[,;#]\s*", TEXT)


main()
