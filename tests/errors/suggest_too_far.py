completely_different = 1
try:
    xyzzy
except NameError as e:
    print(e)
qwertyuiop_asdf
