# Every slice of a short string, against a list of its characters.
s = "abcdef"
l = list(s)
bad = 0
for i in (None, -8, -6, -3, -1, 0, 1, 3, 5, 6, 9):
    for j in (None, -8, -6, -3, -1, 0, 1, 3, 5, 6, 9):
        for k in (None, -7, -2, -1, 1, 2, 7):
            if "".join(l[i:j:k]) != s[i:j:k] or tuple(l)[i:j:k] != tuple(l[i:j:k]) or s.encode()[i:j:k] != s[i:j:k].encode():
                bad += 1
print(bad, s[1:4], s[-3:-1], s[::2], s[4:1:-1], s[10:], s[:-10], repr(s[3:3]))
u = "aé日😀z"
print([u[i:] for i in range(6)], u[::-1], u[-2:], u[1:4:2])
