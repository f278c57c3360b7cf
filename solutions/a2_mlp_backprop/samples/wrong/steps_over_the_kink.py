"""A step of 1e-2 crosses the kink.

fails: b4.honest b4.blunt b4.one_entry b4.small
diagnosis: criterion
"""


def gradient_agrees(cost, grads, params):
    slopes, floor = finite_difference(cost, params, h=1e-2), 1e-7 * abs(cost(params))
    for name, slope in slopes.items():
        largest = max(np.max(np.abs(slope)), np.max(np.abs(grads[name])))
        if largest > floor and np.max(np.abs(slope - grads[name])) > 5e-4 * largest:
            return False
    return True
