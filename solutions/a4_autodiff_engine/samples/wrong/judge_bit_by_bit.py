"""Wants the last bit.

fails: q11.innocent q11.uses q11.rules
"""

def judge(engine):
    ops = table(local_vjp, matmul_vjp, unbroadcast, backprop)
    cases = [([("mul", (0, 0)), ("exp", (1,))], [np.array([0.3, 0.7])], np.array([1.1, 0.9]))]
    for program, xs, u in cases:
        _, grads = engine(program, xs, u)
        _, right = backprop(program, xs, u, ops)
        if not all(np.array_equal(a, b) for a, b in zip(grads, right)):
            return False
    return True
