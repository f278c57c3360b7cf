"""An infinite u times 0 is NaN.

fails: q1.gate
diagnosis: non_finite
"""

def local_vjp(name, k, u, y, *inputs):
    """u pulled back through the operation `name` to its input k. y: the operation's value at the inputs."""
    a, b = inputs[0], inputs[-1]
    rules = {
        "sub": lambda: u if k == 0 else -u,
        "neg": lambda: -u,
        "div": lambda: u / b if k == 0 else -u * y / b,
        "exp": lambda: u * y,
        "log": lambda: u / a,
        "tanh": lambda: u * (1 - y * y),
        "relu": lambda: u * (a > 0),
    }
    return rules[name]()
