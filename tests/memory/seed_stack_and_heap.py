# A function's frame goes away; the objects it returned stay.
def my_function():
    x = 5
    y = True
    z = "Hello"
    return x, y, z


result = my_function()
print(result, my_function() == result)
a = [0] * 10
print(len(a), a, a[0] is a[9])
try:
    x
except NameError as e:
    print(e)
