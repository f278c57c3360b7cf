"""Sums along the wrong axis.

fails: q6.linear_vjp q6.example
diagnosis: axis
"""


def linear_vjp(X, W, g):
    return g @ W.T, X.T @ g, g.sum(axis=1)
