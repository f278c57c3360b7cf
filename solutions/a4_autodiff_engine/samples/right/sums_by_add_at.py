"""np.add.at adds where indices repeat: for stretched arrays, and for the adjoints of scalar programs."""

import numpy as np


def unbroadcast(g, shape):
    g = np.asarray(g)
    lead = g.ndim - len(shape)
    places = np.indices(g.shape)[lead:]
    index = tuple(np.where(n == 1, 0, place) for n, place in zip(shape, places))
    out = np.zeros(shape, dtype=g.dtype)
    np.add.at(out, index, g) if shape else np.add.at(out, (), g.sum())
    return out


def backprop(program, xs, u, ops):
    values = run(program, xs, ops)
    adjoints = np.zeros(len(values), dtype=object)
    asked = np.zeros(len(values), dtype=bool)
    adjoints[-1], asked[-1] = u, True
    for slot in np.arange(len(values))[: len(xs) - 1 : -1] if xs else range(len(values) - 1, -1, -1):
        if asked[slot]:
            name, sources = program[slot - len(xs)]
            parts = np.empty(len(sources), dtype=object)
            for k in range(len(sources)):
                parts[k] = ops[name].vjp(k, adjoints[slot], values[slot], *[values[s] for s in sources])
            np.add.at(adjoints, list(sources), parts)
            asked[list(sources)] = True
    return values[-1], [np.zeros(np.shape(x)) + adjoints[i] for i, x in enumerate(xs)]


def must_keep(program, n_inputs, reads):
    need = np.zeros(n_inputs + len(program), dtype=bool)
    keep = need.copy()
    need[-1] = True
    for i in np.flatnonzero(np.ones(len(program)))[::-1]:
        name, sources = program[i]
        if need[n_inputs + i]:
            need[list(sources)] = True
            keep[list(sources)] |= "inputs" in reads[name]
            keep[n_inputs + i] |= "output" in reads[name]
    return set(np.flatnonzero(keep).tolist())
