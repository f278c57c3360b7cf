"""The second bias is forgotten.

fails: q12.as_by_hand q12.count
diagnosis: missing
"""

def engine_gradients(X, Y, params, ops):
    """The cost of A2's network, and the gradients of its four parameters."""
    names = ("W1", "b1", "W2", "b2")
    network = [("matmul", (0, 2)), ("add", (6, 3)), ("relu", (7,)), ("matmul", (8, 4))]
    network.append(("cross_entropy", (9, 1)))
    inputs = [X, Y, *(params[name] for name in names)]
    cost, grads = gradients(network, inputs, np.ones(()), ops, (2, 3, 4, 5))
    return cost, dict(zip(names, grads, strict=True))
