"""Lists of fixed length: a value that is forgotten becomes None, and adjoints begin as zeros of the right shape."""

import numpy as np


def backprop(program, xs, u, ops):
    values = run(program, xs, ops)
    adjoints = [np.zeros(np.shape(value)) for value in values]
    leads = [False] * (len(values) - 1) + [True]
    adjoints[-1] = adjoints[-1] + u
    for slot, (name, sources) in zip(range(len(values) - 1, 0, -1), reversed(program)):
        if leads[slot]:
            for k, source in enumerate(sources):
                leads[source] = True
                adjoints[source] = adjoints[source] + ops[name].vjp(
                    k, adjoints[slot], values[slot], *[values[s] for s in sources]
                )
    return values[-1], adjoints[: len(xs)]


def checkpointed(program, xs, u, ops, cuts):
    n, N = len(xs), len(program)
    number = [sum(i >= cut for cut in cuts) for i in range(N)]  # of the segment of each line
    last_segment = [0] * (n + N)  # that reads a slot
    for i, (_, sources) in enumerate(program):
        for s in sources:
            last_segment[s] = max(last_segment[s], number[i])
    values = list(xs) + [None] * N

    def run_segment(which):
        for i in range(N):
            if number[i] == which:
                values[n + i] = ops[program[i][0]](*(values[s] for s in program[i][1]))

    def forget(which, all_of_it):
        for i in range(N):
            if number[i] == which and (all_of_it or last_segment[n + i] == which):
                values[n + i] = None

    for which in range(len(cuts) + 1):
        run_segment(which)
        y = values[-1]
        if which < len(cuts):  # the last segment is still there when the way back begins
            forget(which, all_of_it=False)
    adjoints = [None] * (n + N)
    adjoints[-1] = u
    for which in range(len(cuts), -1, -1):
        if which < len(cuts):
            run_segment(which)
        for i in range(N - 1, -1, -1):
            if number[i] == which and adjoints[n + i] is not None:
                name, sources = program[i]
                for k, s in enumerate(sources):
                    part = ops[name].vjp(k, adjoints[n + i], values[n + i], *(values[q] for q in sources))
                    adjoints[s] = part if adjoints[s] is None else adjoints[s] + part
        forget(which, all_of_it=True)
    return y, [np.zeros(np.shape(x)) if g is None else np.copy(g) for g, x in zip(adjoints, xs)]
