# Integers against every number type.
for a in (0, 1, -1, 2 ** 53, 2 ** 53 + 1, 10 ** 30, -10 ** 30):
    for b in (0.0, 1.0, 2.0 ** 53, 1e30, float("inf"), -float("inf"), float("nan"), True, 1 + 0j):
        try:
            print(a == b, a != b, a < b, a >= b, end=" | ")
        except TypeError as e:
            print(a == b, "no order", end=" | ")
    print()
print(1 < 2 < 3 < 10 ** 20, max(1, 2.5, True), min(10 ** 20, 1e19), sorted([3, 1.5, True, 0, -2.5, 10 ** 20, 1e19]))
print(1 == "1", 1 != "1", 0 == None, 0 == False, 0 == "", [] == 0)
