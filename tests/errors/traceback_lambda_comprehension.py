fs = [lambda x: 10 // x]
print([f(5) for f in fs])
print([f(n) for f in fs for n in (2, 0)])
