# A string that one local alone has grows where it is; nobody can tell.


def grow(parts):
    text = ""
    for part in parts:
        text += part
    return text


print(grow(["a", "b", "c"]), grow(["x"] * 2000) == "x" * 2000)
print(ascii(grow(["a", "é", "b", "☃", "c", "😀", "é"])), len(grow(["é", "a"] * 500)))
print(grow(["é"]).isascii(), grow(["ab", "é"]).isascii(), grow(["ab", "c"]).isascii())


def shared():
    text = "ab" + str(1)
    other = text
    text += "c"
    print(text, other)
    keep = {text: 1}
    text += "d"
    print(text, keep)
    text = "".join(["ab", "cd"])
    hash(text)
    text += "e"
    print(hash(text) == hash("abcde"), {"abcde": 1}[text])
    constant = "constant"
    constant += "!"
    print(constant, "constant")


shared()


def itself():
    text = str(12)
    text += text
    text = text + text
    print(text)
    text = text + "x"
    text = "y" + text
    print(text)


itself()


def watched():
    text = str(12)
    before = id(text)
    text += "3"
    print(text, id(text) == before)


watched()


class Text(str):
    def __iadd__(self, other):
        return "own"


def derived():
    text = Text("a")
    text += "b"
    print(text)
    text = "a"
    text += Text("b")
    print(text, type(text).__name__)
    try:
        text += 1
    except TypeError as error:
        print(error)
    print(text)


derived()


def loop(n):
    text = ""
    for i in range(n):
        text += chr(97 + i % 26)
        if i % 100 == 99:
            text = text[50:]
    return text


print(len(loop(5000)), loop(300))
