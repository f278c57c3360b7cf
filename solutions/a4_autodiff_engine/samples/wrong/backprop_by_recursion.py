"""A recursive walk.

fails: q4.deep
diagnosis: deep
"""

def backprop(program, xs, u, ops):
    values = run(program, xs, ops)
    adjoints = [None] * len(values)
    adjoints[-1] = u

    def back(slot):
        if slot < len(xs):
            return
        if adjoints[slot] is not None:
            name, sources = program[slot - len(xs)]
            for k, source in enumerate(sources):
                part = ops[name].vjp(k, adjoints[slot], values[slot], *[values[s] for s in sources])
                adjoints[source] = part if adjoints[source] is None else adjoints[source] + part
        back(slot - 1)

    back(len(values) - 1)
    return values[-1], [np.zeros(np.shape(x)) if g is None else np.array(g) for x, g in zip(xs, adjoints)]
