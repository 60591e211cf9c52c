# Runtime and compile-time warnings on stderr.
print(~True)
print("\d", b"\q")
x = 5
print(x is 5)
assert (x, "always true")
