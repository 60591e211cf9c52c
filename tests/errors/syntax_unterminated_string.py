name = 'Vivarium
print(name)
