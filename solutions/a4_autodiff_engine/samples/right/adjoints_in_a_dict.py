"""Adjoints in a dict, rules by the name of the slope."""

def local_vjp(name, k, u, y, *inputs):
    if name == "relu":
        return (u if inputs[0] > 0 else 0.0) if np.ndim(u) == 0 else np.where(inputs[0] > 0, u, 0)
    if name == "div":
        a, b = inputs
        return [u / b, -u * a / (b * b)][k]
    slope = {"sub": (1, -1)[k], "neg": -1}.get(name)
    if slope is None:
        slope = {"exp": y, "log": 1 / inputs[0] if name == "log" else 0, "tanh": 1 - y**2}[name]
    return slope * u


def backprop(program, xs, u, ops):
    values = run(program, xs, ops)
    adjoints = {len(values) - 1: u}
    for line in reversed(range(len(program))):
        slot = len(xs) + line
        if slot in adjoints:
            name, sources = program[line]
            arguments = [values[s] for s in sources]
            for k, s in enumerate(sources):
                message = ops[name].vjp(k, adjoints[slot], values[slot], *arguments)
                adjoints[s] = adjoints[s] + message if s in adjoints else message
    return values[-1], [np.copy(adjoints.get(i, np.zeros(np.shape(x)))) for i, x in enumerate(xs)]


def unbroadcast(g, shape):
    g = np.array(g)
    while g.ndim > len(shape):
        g = g.sum(0)
    for axis, length in enumerate(shape):
        if length == 1 and g.shape[axis] > 1:
            g = g.sum(axis, keepdims=True)
    return g
