"""A relative error without a floor: round-off is not 0, so an array of zeros is called wrong.

fails: b4.honest b4.blunt b4.one_entry b4.small
diagnosis: criterion
"""


def gradient_agrees(cost, grads, params):
    slopes = finite_difference(cost, params)
    for name, slope in slopes.items():
        largest = max(np.max(np.abs(slope)), np.max(np.abs(grads[name])), 1e-300)
        if np.max(np.abs(slope - grads[name])) > 5e-4 * largest:
            return False
    return True
