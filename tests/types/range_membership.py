# Membership and position in ranges, with the list as judge.
bad = 0
for args in [(10,), (2, 9), (0, 20, 3), (20, 0, -4), (5, 5), (-5, 5, 2)]:
    r, l = range(*args), list(range(*args))
    for x in range(-25, 25):
        if (x in r) != (x in l) or r.count(x) != l.count(x) or (x in r and r.index(x) != l.index(x)):
            bad += 1
    if list(reversed(r)) != l[::-1] or r[::2] != range(*args)[::2] or [r[i] for i in range(len(r))] != l:
        bad += 1
print(bad, 3.0 in range(5), 3.5 in range(5), "3" in range(5), True in range(2), range(0, 10, 2) == range(0, 9, 2))
