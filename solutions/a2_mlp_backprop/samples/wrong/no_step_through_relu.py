"""Sends the error straight through the relu.

fails: q7.reference q7.example
diagnosis: chain
"""


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    d_a1, d_W2, d_b2 = linear_vjp(a1, params["W2"], dlogits)
    _, d_W1, d_b1 = linear_vjp(X, params["W1"], d_a1)
    return {"W1": d_W1, "b1": d_b1, "W2": d_W2, "b2": d_b2}
