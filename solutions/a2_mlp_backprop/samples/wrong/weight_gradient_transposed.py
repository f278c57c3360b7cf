"""Computes g' X, the transpose of dW.

fails: q6.linear_vjp q6.example
diagnosis: transpose
"""


def linear_vjp(X, W, g):
    return g @ W.T, g.T @ X, g.sum(axis=0)
