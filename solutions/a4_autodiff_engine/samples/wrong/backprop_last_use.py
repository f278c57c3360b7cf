"""= for +=: the last message wins.

fails: q4.fan_out q4.fan_out_example
diagnosis: fan_out
slip: last_use
"""

def backprop(program, xs, u, ops):
    """The result, and the gradients of u · result in each of xs: the pair (y, grads)."""
    values = run(program, xs, ops)
    adjoints = [None] * len(values)
    adjoints[-1] = u
    for slot in range(len(values) - 1, len(xs) - 1, -1):
        if adjoints[slot] is None:
            continue  # the result does not need this line
        name, sources = program[slot - len(xs)]
        inputs = [values[s] for s in sources]
        for k, source in enumerate(sources):
            part = ops[name].vjp(k, adjoints[slot], values[slot], *inputs)
            # A new array, never +=: a rule may have handed on an array that another slot holds, too.
            adjoints[source] = part
    grads = [np.zeros(np.shape(x)) if g is None else np.array(g) for x, g in zip(xs, adjoints, strict=False)]
    return values[-1], grads
