"""Two floats are never equal, so no claim is right.

fails: b4.honest b4.blunt b4.one_entry b4.small
diagnosis: criterion
"""


def gradient_agrees(cost, grads, params):
    slopes = finite_difference(cost, params)
    return all(np.array_equal(slopes[name], grads[name]) for name in params)
