import sys
try:
    sys.exit("text")
except SystemExit as e:
    print(repr(e), e.code, e.args)
for args in ((), (1,), (1, 2), (None,)):
    print(SystemExit(*args).code)
try:
    exit
except NameError as e:
    print(e)
e = SystemExit(9)
e.code = 6
raise e
