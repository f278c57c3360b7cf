"""Compares with the own engine on drawn programs."""

def judge(engine):
    ops = table(local_vjp, matmul_vjp, unbroadcast, backprop)
    rng = np.random.default_rng(1)
    draw = lambda *shape: rng.uniform(0.5, 2.0, shape)
    chain = [("mul", (0, 1))] + [("mul", (i, 1)) for i in range(2, 500)]
    cases = [
        ([("add", (0, 0)), ("add", (1, 0)), ("mul", (2, 0))], [draw(2)], draw(2)),
        ([("add", (0, 1)), ("neg", (2,)), ("mul", (2, 3)), ("mul", (2, 4)), ("mul", (5, 2))], [draw(), draw()], draw()),
        ([("add", (0, 1)), ("add", (0, 2))], [draw(3), draw(3)], draw(3)),
        ([("mul", (0, 1))], [draw(2), draw(2), draw(3, 2)], np.zeros(2)),
        (chain, [draw(), np.array(1.0001)], draw()),
        ([("relu", (0,))], [np.array([0.0, 1.0, -1.0])], draw(3)),
    ]
    for name in ("add", "sub", "mul", "div"):
        cases.append(([(name, (0, 1))], [draw(4, 3), draw(3)], draw(4, 3)))
        cases.append(([(name, (0, 1))], [draw(3), draw(3)], draw(3)))
    for name in ("neg", "exp", "log", "tanh"):
        cases.append(([(name, (0,))], [draw(3)], draw(3)))
    cases.append(([("matmul", (0, 1)), ("sum", (2,))], [draw(2, 3), draw(3, 4)], draw()))
    cases += [(program, [1.5 * x for x in xs], u) for program, xs, u in cases[:3]] + cases[:3]
    try:
        for program, xs, u in cases:
            y, grads = engine(program, xs, u)
            right_y, right = backprop(program, xs, u, ops)
            for got, want in zip([y, *grads], [right_y, *right]):
                if got is None or np.shape(got) != np.shape(want) or not np.allclose(got, want, rtol=1e-6, atol=1e-9):
                    return False
    except Exception:
        return False
    return len(grads) == len(xs)
