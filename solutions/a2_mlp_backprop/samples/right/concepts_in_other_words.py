"""A list for a set, floats for whole numbers, NumPy's numbers, and a rule that computes one step."""


def sigmoid_with_squares(a, y):
    return np.float64(a) * (a - a**2) - y * (a - a**2)


def moved(zero):
    rng = np.random.default_rng(0)
    params = {
        name: rng.normal(size=shape) * (name not in zero)
        for name, shape in {"W1": (3, 6), "b1": (6,), "W2": (6, 2), "b2": (2,)}.items()
    }
    X, y = rng.normal(size=(9, 3)), np.array([0, 1, 1, 1, 1, 1, 1, 0, 1])
    logits, cache = forward(X, params)
    grads = backward(cross_entropy_grad(logits, y), cache, params)
    return [name for name in params if np.any(grads[name])]


answers = {"c1": sigmoid_with_squares, "c2": moved, "c3": lambda D, H, K, off: float(off) * (D + K + 1)}
