# Complex arithmetic, one operation a line.
zs = [0j, 1 + 0j, 1j, 3 + 4j, -2.5 - 1j, 1e10 + 1e-10j]
for a in zs:
    print(a, -a, abs(a), a.conjugate(), a * 2, a + 1.5, a == a.real, bool(a))
for a in zs[1:4]:
    for b in zs[1:4]:
        print(a + b, a - b, a * b, a / b)
print((1 + 2j) ** 2, (1 + 2j) ** 3, 1j ** 4, 2j ** -1, (1 + 1j) ** 0)
