values = [1, 2, 3]
index = 10
print(values[index])
