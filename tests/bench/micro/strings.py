"""Making and taking apart strings."""


def main():
    text = ""
    for i in range(3000):
        text += "x"
    words = [f"{i}:{i * 2:>6}" for i in range(2000)]
    line = ", ".join(words)
    parts = line.split(", ")
    found = line.find("1999"), line.count("1"), line.replace("1", "one").upper().lower()
    return text, [p.strip().startswith("1") for p in parts], found, "%s %d %5.2f" % ("a", 3, 2.5)


main()
