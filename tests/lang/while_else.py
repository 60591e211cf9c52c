# while with else, break, continue, nested loops.
n = 5
while n:
    n -= 1
    if n == 3:
        continue
    print("n", n)
else:
    print("else runs after a normal end")

while True:
    n += 1
    if n > 3:
        break
else:
    print("never")
print(n)

outer = 0
while outer < 3:
    inner = 0
    while inner < 3:
        inner += 1
        if inner == 2:
            continue
        if outer == 1:
            break
        print(outer, inner)
    else:
        print("inner done", outer)
    outer += 1
else:
    print("outer done")


def search(values, wanted):
    i = 0
    while i < len(values):
        if values[i] == wanted:
            return i
        i += 1
    else:
        return None


print(search([4, 5, 6], 5), search([], 1))
while False:
    print("dead")
else:
    print("while False else")
