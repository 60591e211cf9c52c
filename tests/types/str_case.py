# Case methods, also beyond ASCII.
for s in ["hello world", "HELLO", "Hello World", "ÀÉÎ õü", "straße", "ǆ", "ﬁne", "İstanbul", "ΣΑΣ", "1st place", "they're bill's", "a1b2c3", "", "ß", "ŉ", "日本"]:
    print([s.lower(), s.upper(), s.title(), s.capitalize(), s.swapcase(), s.casefold()], s.islower(), s.isupper(), s.istitle())
print("straße".casefold() == "STRASSE".casefold())
print("ὈΔΥΣΣΕΎΣ".lower(), "ΑΣ ΑΣΒ Σ".lower())
