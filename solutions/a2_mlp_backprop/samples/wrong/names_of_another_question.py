"""Pastes lines of forward, and with them a name that backward does not define.

fails: q7.reference q7.example
diagnosis: raised
"""


def backward(dlogits, cache, params):
    X, z1, _ = cache
    d_z1 = (dlogits @ params["W2"].T) * (z1 > 0)
    return {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": a1.T @ dlogits, "b2": dlogits.sum(axis=0)}
