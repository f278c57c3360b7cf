"""Takes sums for the weights and means for the biases.

fails: q7.reference q7.finite_difference
diagnosis: scale
"""


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    d_z1 = (dlogits @ params["W2"].T) * (z1 > 0)
    return {"W1": X.T @ d_z1, "b1": d_z1.mean(axis=0), "W2": a1.T @ dlogits, "b2": dlogits.mean(axis=0)}
