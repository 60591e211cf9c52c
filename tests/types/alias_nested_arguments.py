# Arguments of a generic alias that are nested too deeply: an error that can be caught.
x = [0]
for _ in range(1_000_000):
    x = [x]
try:
    list[x].__parameters__
except RecursionError as e:
    print(type(e).__name__)
print(list[[1, [2]]].__parameters__)
# sweep: not malloc (a page for each of a million blocks)
