"""u is never 0.

fails: q11.order_and_seed
diagnosis: search
"""

def judge(engine):
    """True if nothing is found that is wrong with an engine, else False."""
    v, w = np.array([0.5, -2.0, 3.0]), np.array([2.0, 4.0, -1.0])
    edge, zeros = np.array([0.0, 2.0, -1.0]), np.zeros(3)
    one, two, three = np.array(1.0), np.array(2.0), np.array(3.0)
    copied = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    columns = copied.sum(axis=0)[:, None]
    chain = [("add", (0, 1))] + [("mul", (2 + i, 0)) for i in range(399)]
    cases = [  # program, inputs, u, and the gradients by hand
        ([("mul", (0, 0)), ("mul", (1, 0)), ("add", (2, 0)), ("add", (3, 0))], [two], three, [42.0]),  # x³ + 2x
        ([("add", (0, 1)), ("neg", (0,)), ("mul", (2, 3)), ("mul", (2, 4))], [two, three], one, [-45.0, -20.0]),
        ([("neg", (0,)), ("mul", (1, 1)), ("mul", (2, 1))], [v], w, [-3 * v * v * w]),
        ([("add", (0, 1)), ("add", (0, 2))], [two, three], one, [2.0, 1.0]),  # an add hands its u on twice
        ([("mul", (0, 1)), ("exp", (0,)), ("neg", (4,))], [v, w, copied], w, [-w * np.exp(v), zeros, 0 * copied]),
        (chain, [one, zeros[0]], one, [400.0, 1.0]),
        ([("sub", (0, 1))], [v, w], v, [v, -v]),
        ([("relu", (0,))], [edge], w, [np.array([0.0, 4.0, 0.0])]),
        ([("div", (0, 1))], [v, w], edge, [edge / w, -edge * v / w**2]),
        ([("log", (0,)), ("tanh", (1,))], [w**2], v, [v * (1 - np.tanh(np.log(w**2)) ** 2) / w**2]),
        ([("add", (0, 1)), ("mul", (2, 0))], [copied, v], copied, [copied * (2 * copied + v), (copied**2).sum(0)]),
        ([("matmul", (0, 1)), ("sum", (2,))], [copied, v[:, None]], two, [2 * v + 0 * copied, 2 * columns]),
    ]
    cases += [(cases[0][0], [two + two], three, [150.0]), *cases[:2]]  # with other numbers, and once more
    for program, xs, u, right in cases:
        try:
            _, grads = engine(program, [x.copy() for x in xs], u.copy())
        except Exception:  # noqa: BLE001 — whatever an engine raises, a right one does not
            return False
        for grad, expected in zip(grads, right, strict=True):
            if grad is None or np.shape(grad) != np.shape(expected) or not np.allclose(grad, expected, rtol=1e-6):
                return False
    return True
