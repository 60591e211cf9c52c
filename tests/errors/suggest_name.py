# NameError suggestions on stderr.
maximum = 5
print(maximun)
