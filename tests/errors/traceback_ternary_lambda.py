pick = lambda flag: flag.yes if flag else flag.no
print(pick(0) if False else "skip")
pick("")
