"""Returns None for the cache, and goes back from a dict that nobody made.

fails: q2.example q7.example q7.finite_difference q7.reference
diagnosis: example
"""

import numpy as np


def forward(X, params):
    z1 = X @ params["W1"] + params["b1"]
    a1 = np.maximum(z1, 0)
    return a1 @ params["W2"] + params["b2"], None


def backward(dlogits, cache, params):
    d_a1, d_W2, d_b2 = linear_vjp(cache["a1"], params["W2"], dlogits)
    _, d_W1, d_b1 = linear_vjp(cache["X"], params["W1"], relu_vjp(cache["z1"], d_a1))
    return {"W1": d_W1, "b1": d_b1, "W2": d_W2, "b2": d_b2}
