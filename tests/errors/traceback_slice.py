values = [1, 2, 3]
print(values[0:2])
values[1:"end"]
