"""Its rule of mul reads values, which stand still.

fails: b2.value b2.example
diagnosis: chain
"""

import numpy as np


def hvp(f, xs, vs):
    kind = type(TOY["add"])
    ops = {
        "sub": kind(lambda a, b: a - b, lambda u, *_: u, lambda u, *_: -u),
        "neg": kind(lambda a: -a, lambda u, *_: -u),
        "add": TOY["add"],
        "mul": kind(lambda a, b: a * b, lambda u, y, a, b: u * b.value, lambda u, y, a, b: u * a.value),
    }
    program, inputs = trace(f, xs)
    tangents = list(vs) + [0.0] * (len(inputs) - len(xs))
    duals = [Dual(x, v) for x, v in zip(inputs, tangents, strict=True)]
    _, grads = backprop(program, duals, Dual(1.0), ops)
    grads = [dual(np.array(g).item()) for g in grads[: len(xs)]]
    return [float(g.value) for g in grads], [float(g.tangent) for g in grads]
