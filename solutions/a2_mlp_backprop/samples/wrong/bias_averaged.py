"""Takes the mean over the batch for the bias.

fails: q6.linear_vjp q6.example
diagnosis: scale
"""


def linear_vjp(X, W, g):
    return g @ W.T, X.T @ g, g.mean(axis=0)
