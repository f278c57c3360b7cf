"""Takes g for the derivative of the bias.

fails: q6.linear_vjp q6.example
diagnosis: batch_sum
"""


def linear_vjp(X, W, g):
    return g @ W.T, X.T @ g, g.copy()
