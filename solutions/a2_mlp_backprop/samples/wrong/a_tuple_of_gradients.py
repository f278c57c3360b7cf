"""Returns the four gradients as a tuple.

fails: q7.reference q7.example
diagnosis: type
"""


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    d_z1 = (dlogits @ params["W2"].T) * (z1 > 0)
    return X.T @ d_z1, d_z1.sum(axis=0), a1.T @ dlogits, dlogits.sum(axis=0)
