# Numbers that touch a keyword are accepted with a warning.
x = 1if 1else 2
y = 0b1or 2
z = 0o1and 3
w = 5in [5]
print(x, y, z, w)
print([0x1for x in (1, 2)])
