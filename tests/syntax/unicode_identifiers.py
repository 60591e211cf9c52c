# Identifiers are NFKC-normalised; every script works.
é = 1
ﬁ = 2
print(fi, é)
变量 = "chinese"
переменная = "cyrillic"
ª = "feminine ordinal"
print(变量, переменная, a)


class Größe:
    ℌ = 5

    def меня(self, ａ):
        return ａ


print(Größe.H, Größe().меня(3), [n for n in vars(Größe) if not n.startswith("__")])
try:
    compile("x²y = 1", "<test>", "exec")
except SyntaxError as e:
    print(e.msg, e.offset)
