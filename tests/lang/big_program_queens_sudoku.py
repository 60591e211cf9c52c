# Two small solvers: backtracking with generators and with recursion.
def queens(n, row=0, cols=frozenset(), d1=frozenset(), d2=frozenset()):
    if row == n:
        yield ()
        return
    for c in range(n):
        if c not in cols and row + c not in d1 and row - c not in d2:
            for rest in queens(n, row + 1, cols | {c}, d1 | {row + c}, d2 | {row - c}):
                yield (c, *rest)


print(len(list(queens(6))), next(queens(8)), [len(list(queens(n))) for n in range(1, 6)])


def solve(grid):
    for i, v in enumerate(grid):
        if v == 0:
            r, c = divmod(i, 4)
            used = {grid[r * 4 + k] for k in range(4)} | {grid[k * 4 + c] for k in range(4)}
            used |= {grid[(r // 2 * 2 + a) * 4 + c // 2 * 2 + b] for a in range(2) for b in range(2)}
            for d in range(1, 5):
                if d not in used:
                    grid[i] = d
                    if solve(grid):
                        return True
            grid[i] = 0
            return False
    return True


g = [1, 0, 0, 0, 0, 0, 3, 0, 0, 4, 0, 0, 0, 0, 0, 2]
print(solve(g), [g[i:i + 4] for i in range(0, 16, 4)])
