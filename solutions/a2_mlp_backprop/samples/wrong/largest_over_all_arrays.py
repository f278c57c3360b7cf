"""Compares with the largest entry of all arrays, so a small array may be anything.

fails: b4.small
diagnosis: criterion
"""


def gradient_agrees(cost, grads, params):
    slopes = finite_difference(cost, params)
    off = max(np.max(np.abs(slopes[name] - grads[name])) for name in params)
    largest = max(max(np.max(np.abs(slopes[name])), np.max(np.abs(grads[name]))) for name in params)
    return bool(off <= 5e-4 * largest)
