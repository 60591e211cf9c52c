# Strings of every width mixed together.
words = ["ascii", "café", "naïve", "日本語", "😀😁", "e\u0301", "a\u0000b"]
for w in words:
    print(len(w), [ord(c) for c in w][:3], w[::-1][0] == w[-1], w.upper(), w * 2 == w + w)
total = "".join(words)
print(len(total), total.count("a"), total.find("日"), total[5:9], total[-3:].encode("unicode_escape"))
s = ""
for c in "aé日😀":
    s = c + s + c
    print(len(s), s)
print(sorted(words), max(words), "é" < "日" < "😀", "z" < "é")
print({w: len(w) for w in words}["日本語"], "日" in "日本語", "本" in words[3], words.index("😀😁"))
print("%s|%5s|%-4s|" % ("日", "é", "😀"), "{:>4}|{:^5}".format("本", "é"), f"{'😀':*^5}")
print("a,日,😀".split(","), "日本語".replace("本", "-"), "😀".join("ab"), "日本".partition("本"), "éa".startswith("é"))
