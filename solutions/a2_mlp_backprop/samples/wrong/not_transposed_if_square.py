"""Transposes only if the shapes insist.

fails: q6.linear_vjp
diagnosis: transpose
"""


def linear_vjp(X, W, g):
    dX = g @ W if W.shape[0] == W.shape[1] else g @ W.T
    return dX, X.T @ g, g.sum(axis=0)
