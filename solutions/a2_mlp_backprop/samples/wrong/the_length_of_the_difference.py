"""Norms of whole arrays: one wrong entry of many does weigh enough, a small array beside large ones does not.

fails: b4.small
diagnosis: criterion
"""


def gradient_agrees(cost, grads, params):
    slopes = finite_difference(cost, params)
    measured = np.concatenate([np.ravel(slopes[name]) for name in params])
    claimed = np.concatenate([np.ravel(grads[name]) for name in params])
    size = np.linalg.norm(measured) + np.linalg.norm(claimed)
    return bool(np.linalg.norm(measured - claimed) < 3e-4 * size)
