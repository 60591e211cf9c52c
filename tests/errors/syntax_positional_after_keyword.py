print(sep=" ", 1)
