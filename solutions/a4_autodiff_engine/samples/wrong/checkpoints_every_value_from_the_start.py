"""Recovers every value by a walk of its own from the start.

fails: b4.extra
diagnosis: twice
"""

import numpy as np


def checkpointed(program, xs, u, ops, cuts):
    n = len(xs)

    def values_up_to(end):
        return run(program[:end], xs, ops)

    y, adjoints = values_up_to(len(program))[-1], {n + len(program) - 1: u}
    for i in range(len(program) - 1, -1, -1):
        if n + i in adjoints:
            values = values_up_to(i + 1)
            name, sources = program[i]
            for k, s in enumerate(sources):
                part = ops[name].vjp(k, adjoints[n + i], values[n + i], *(values[q] for q in sources))
                adjoints[s] = adjoints[s] + part if s in adjoints else part
    return y, [np.array(adjoints.get(i, np.zeros(np.shape(x)))) for i, x in enumerate(xs)]
