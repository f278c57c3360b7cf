"""Multiplies with W where W transposed is meant; square layers do not complain.

fails: q6.linear_vjp
diagnosis: raised
"""


def linear_vjp(X, W, g):
    return g @ W, X.T @ g, g.sum(axis=0)
