def f(n):
    i = 0
    while i < n:
        i += 1
        if i == 3: continue
        if i > 5: break
    else:
        i = 0
    for j in range(n):
        i += j
    else:
        i = -1
    while True:
        pass
