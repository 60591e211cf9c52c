# slice.indices against what a list does.
n = 7
l = list(range(n))
bad = 0
for a in [None, *range(-9, 10)]:
    for b in [None, *range(-9, 10)]:
        for c in [None, -3, -1, 1, 2]:
            if [l[i] for i in range(*slice(a, b, c).indices(n))] != l[a:b:c]:
                bad += 1
print(bad)
