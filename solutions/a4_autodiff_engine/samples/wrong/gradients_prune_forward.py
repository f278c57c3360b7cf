"""A line of no wanted input is not evaluated.

fails: q5.count
diagnosis: missing
"""

def gradients(program, xs, u, ops, wrt):
    """As backprop, for the inputs numbered in wrt only: the pair (y, grads)."""
    values, active = _values(program, xs, ops, wrt), [i in wrt for i in range(len(xs))]
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
    grads = [np.zeros(np.shape(xs[i])) if adjoints[i] is None else np.array(adjoints[i]) for i in wrt]
    return values[-1], grads


def _values(program, xs, ops, wrt):
    needed, values = {len(xs) + len(program) - 1}, list(xs)
    for i in range(len(program) - 1, -1, -1):
        if len(xs) + i in needed:
            needed.update(program[i][1])
    for i, (name, sources) in enumerate(program):
        values.append(ops[name](*(values[s] for s in sources)) if len(xs) + i in needed else 0.0)
    return values
