"""Recursion where it is deep, with a limit that fits; segments nest within each other."""

import sys

import numpy as np


def sort_graph(graph, out):
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before + 2 * len(graph))
    order, state = [], {}

    def visit(name):
        if state.get(name) == "open":
            raise ValueError(f"graph: expected no cycle, got one through {name}.")
        if name not in state:
            state[name] = "open"
            for source in graph[name]:
                visit(source)
            state[name] = "done"
            order.append(name)

    try:
        visit(out)
    finally:
        sys.setrecursionlimit(before)
    return order


def must_keep(program, n_inputs, reads):
    seen = set()

    def kept(slot):
        if slot < n_inputs or slot in seen:
            return set()
        seen.add(slot)
        name, sources = program[slot - n_inputs]
        mine = set(sources) if "inputs" in reads[name] else set()
        mine |= {slot} if "output" in reads[name] else set()
        return mine.union(*map(kept, sources))

    return kept(n_inputs + len(program) - 1)


def checkpointed(program, xs, u, ops, cuts):
    n, borders = len(xs), [0, *cuts, len(program)]
    adjoints = {n + len(program) - 1: u}

    def evaluated(start, end, known):
        values = dict(known)
        for slot in range(n + start, n + end):
            name, sources = program[slot - n]
            values[slot] = ops[name](*[values[s] for s in sources])
        return values

    def there_and_back(number, known):
        """Go through segment `number` and all later ones, and come back. Returns the result."""
        start, end = borders[number : number + 2]
        values = evaluated(start, end, known)
        if number < len(borders) - 2:
            later = {s for line in program[end:] for s in line[1]}
            y = there_and_back(number + 1, {s: value for s, value in values.items() if s in later})
            values = evaluated(start, end, known)
        else:
            y = values[n + end - 1]
        for slot in reversed(range(n + start, n + end)):
            name, sources = program[slot - n]
            adjoint = adjoints.pop(slot, None)
            for k, s in enumerate(sources if adjoint is not None else ()):
                part = ops[name].vjp(k, adjoint, values[slot], *[values[q] for q in sources])
                adjoints[s] = adjoints[s] + part if s in adjoints else part
        return y

    y = there_and_back(0, dict(enumerate(xs)))
    return y, [np.array(adjoints[i]) if i in adjoints else np.zeros(np.shape(x)) for i, x in enumerate(xs)]
