def fail(n):
    raise ValueError(n)


excs = []
for i in range(2):
    try:
        fail(i)
    except ValueError as e:
        excs.append(e)
raise ExceptionGroup("several", excs + [TypeError("plain")])
