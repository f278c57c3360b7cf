"""A gradient is the caller's u.

fails: q5.own_memory
diagnosis: aliased
"""

import numpy as np


def gradients(program, xs, u, ops, wrt):
    """As backprop, for the inputs numbered in wrt only: the pair (y, grads)."""
    values, active = run(program, xs, ops), [i in wrt for i in range(len(xs))]
    for _, sources in program:
        active.append(any(active[s] for s in sources))
    adjoints = [None] * len(values)
    adjoints[-1] = u
    for slot in range(len(values) - 1, len(xs) - 1, -1):
        name, sources = program[slot - len(xs)]
        if adjoints[slot] is None:
            continue
        for k, source in enumerate(sources):
            if active[source]:
                part = ops[name].vjp(k, adjoints[slot], values[slot], *(values[s] for s in sources))
                adjoints[source] = part if adjoints[source] is None else adjoints[source] + part
    grads = [np.zeros(np.shape(xs[i])) if adjoints[i] is None else adjoints[i] for i in wrt]
    return values[-1], grads
