"""Trains a constraint solver: propagation over objects, search with undo, small puzzles."""

import sys

ROWS = (
    "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79",
    "..3.2.6..9..3.5..1..18.64....81.29..7.......8..67.82....26.95..8..2.3..9..5.1.3..",
    "2...8.3...6..7..84.3.5..2.9...1.54.8.........4.27.6...3.1..7.4.72..4..6...4.1...3",
)


class Contradiction(Exception):
    pass


class Variable:
    __slots__ = ("name", "values", "constraints")

    def __init__(self, name, values):
        self.name = name
        self.values = set(values)
        self.constraints = []

    @property
    def fixed(self):
        return len(self.values) == 1

    def __repr__(self):
        return f"{self.name}:{sorted(self.values)}"


class Constraint:
    def __init__(self, *variables):
        self.variables = variables
        for variable in variables:
            variable.constraints.append(self)

    def revise(self, variable, solver):
        """Narrow the others after `variable` has changed."""
        raise NotImplementedError


class Different(Constraint):
    def revise(self, variable, solver):
        if variable.fixed:
            for other in self.variables:
                if other is not variable and not variable.values.isdisjoint(other.values):
                    solver.narrow(other, other.values - variable.values)


class Less(Constraint):
    def revise(self, variable, solver):
        low, high = self.variables
        smallest, largest = min(low.values), max(high.values)
        solver.narrow(low, {value for value in low.values if value < largest})
        solver.narrow(high, {value for value in high.values if value > smallest})


class Apart(Constraint):
    def __init__(self, a, b, least):
        super().__init__(a, b)
        self.least = least

    def revise(self, variable, solver):
        a, b = self.variables
        other = b if variable is a else a
        fits = {value for value in other.values
                if any(abs(value - mine) >= self.least for mine in variable.values)}
        solver.narrow(other, fits)


class Solver:
    def __init__(self, variables):
        self.variables = variables
        self.trail = []
        self.pending = []
        self.visited = 0

    def narrow(self, variable, values):
        if len(values) == len(variable.values):
            return
        if not values:
            raise Contradiction(variable.name)
        self.trail.append((variable, variable.values))
        variable.values = values
        self.pending.append(variable)

    def propagate(self):
        while self.pending:
            variable = self.pending.pop()
            for constraint in variable.constraints:
                constraint.revise(variable, self)

    def undo(self, mark):
        while len(self.trail) > mark:
            variable, values = self.trail.pop()
            variable.values = values
        self.pending.clear()

    def search(self, limit):
        self.visited += 1
        open_ones = [variable for variable in self.variables if not variable.fixed]
        if not open_ones:
            yield {variable.name: min(variable.values) for variable in self.variables}
            return
        chosen = min(open_ones, key=lambda variable: (len(variable.values), variable.name))
        for value in sorted(chosen.values):
            if self.visited > limit:
                return
            mark = len(self.trail)
            try:
                self.narrow(chosen, {value})
                self.propagate()
                yield from self.search(limit)
            except Contradiction:
                pass
            finally:
                self.undo(mark)


def number_grid(text):
    cells = {(x, y): Variable(f"{x}{y}", range(1, 10)) for y in range(9) for x in range(9)}
    for n in range(9):
        Different(*(cells[n, y] for y in range(9)))
        Different(*(cells[x, n] for x in range(9)))
        left, top = n % 3 * 3, n // 3 * 3
        Different(*(cells[left + i % 3, top + i // 3] for i in range(9)))
    solver = Solver(list(cells.values()))
    for (x, y), variable in cells.items():
        if (given := text[y * 9 + x]) != ".":
            solver.narrow(variable, variable.values & {int(given)})
            solver.propagate()
    return solver


def timetable(seed):
    talks = [Variable(f"t{n}", range(1, 8)) for n in range(7)]
    Different(*talks)
    for n in range(0, 6, 2):
        Less(talks[(n + seed) % 7], talks[(n + seed + 3) % 7])
    Apart(talks[0], talks[1], 2 + seed % 2)
    Apart(talks[2], talks[5], 2)
    solver = Solver(talks)
    solver.pending.extend(talks)
    solver.propagate()
    return solver


def main(scale):
    total = 0
    for seed in range(14 * scale):
        text = ROWS[seed % 3]
        turn = str.maketrans("123456789", "123456789"[seed % 9 :] + "123456789"[: seed % 9])
        solver = number_grid(text.translate(turn))
        solution = next(solver.search(500), {})
        talks = timetable(seed)
        plans = list(talks.search(120))
        figures = [sum(solution.values()), solver.visited, talks.visited, len(plans)]
        figures += [plan[f"t{seed % 7}"] for plan in plans[:4]] + [solution.get("44", 0)]
        for figure in figures:
            total = (total * 107 + figure) % 1_000_003
    print("constraints", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
