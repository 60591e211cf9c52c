# A small program: Conway's game of life on a set.
def neighbours(cell):
    x, y = cell
    return {(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j}


def step(live):
    candidates = live | {n for c in live for n in neighbours(c)}
    return {c for c in candidates if len(neighbours(c) & live) in ((2, 3) if c in live else (3,))}


def show(live, w=6, h=6):
    for y in range(h):
        print("".join("#" if (x, y) in live else "." for x in range(w)))
    print()


glider = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
for _ in range(4):
    show(glider)
    glider = step(glider)
print(sorted(glider))
blinker = {(1, 0), (1, 1), (1, 2)}
print(step(step(blinker)) == blinker, len(step(blinker)))
