# find, index, count, startswith, replace, partition...
s = "the cat in the hat"
print(s.find("the"), s.find("the", 1), s.find("x"), s.rfind("the"), s.rfind("the", 0, 10), s.find(""), s.rfind(""), s.find("", 100), s.find("cat", -14, -4), s.index("in"), s.rindex("t"))
print(s.count("t"), s.count("the"), s.count(""), s.count("aa"), "aaaa".count("aa"), s.count("t", 5, 10), "".count(""), "abc".count("", 4))
print(s.startswith("the"), s.startswith(("x", "the")), s.startswith("cat", 4), s.endswith("hat"), s.endswith(("cat", "hat")), s.endswith("cat", 0, 7), s.startswith(""), "".startswith("a"), s.startswith(()))
print(s.replace("the", "a"), s.replace("t", "T", 2), s.replace("", "-", 4), s.replace("x", "y"), "aaa".replace("aa", "b"), "".replace("", "x"), s.replace("the ", "", count=1))
print(s.partition(" "), s.rpartition(" "), s.partition("zz"), s.rpartition("zz"))
print("prefix_name".removeprefix("prefix_"), "name.py".removesuffix(".py"), "x".removeprefix("y"), "x".removesuffix(""))
for f in (lambda: s.index("zz"), lambda: s.rindex("zz"), lambda: s.partition(""), lambda: s.find(1), lambda: s.startswith(1), lambda: s.startswith(["a"]), lambda: s.endswith((1,)), lambda: s.replace("a"), lambda: s.replace(1, "a"), lambda: s.count(None), lambda: s.find("a", "b"), lambda: s.find()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print("日本語日本".find("日", 1), "a😀b😀".rfind("😀"), "ééé".count("é"), "abc".find("c", None, None), "x" in "xyz", "" in "")
print(("ab" * 1000 + "c").find("bc"), ("a" * 5000).find("a" * 50 + "b"), ("na" * 30 + "batman").index("batman"))
