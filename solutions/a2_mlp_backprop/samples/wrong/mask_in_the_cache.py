"""Turns the stored z1 into its mask, in place.

fails: q7.repeatable
diagnosis: state
"""


def backward(dlogits, cache, params):
    X, z1, a1 = cache
    a1_T = a1.T
    d_W2 = a1_T @ dlogits
    z1[z1 <= 0] = 0
    z1[z1 > 0] = 1
    d_z1 = (dlogits @ params["W2"].T) * z1
    a1 *= z1 * 0.5
    return {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": d_W2, "b2": dlogits.sum(axis=0)}
