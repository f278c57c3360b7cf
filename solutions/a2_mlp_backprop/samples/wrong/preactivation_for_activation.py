"""Uses z1 where a1 enters the second layer.

fails: q7.reference q7.example
diagnosis: chain
"""


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    d_z1 = (dlogits @ params["W2"].T) * (z1 > 0)
    return {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": z1.T @ dlogits, "b2": dlogits.sum(axis=0)}
