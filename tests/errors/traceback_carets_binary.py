a, b, c = 1, None, 3
result = a * 2 + (b + c) * 4
