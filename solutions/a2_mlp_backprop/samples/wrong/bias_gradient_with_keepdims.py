"""Sums with keepdims, so the bias's gradient is (1, H).

fails: q6.linear_vjp q6.example
diagnosis: shape
"""


def linear_vjp(X, W, g):
    return g @ W.T, X.T @ g, g.sum(axis=0, keepdims=True)
