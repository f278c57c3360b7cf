"""One absolute tolerance: a cost a billion times larger is off by more, rightly.

fails: b4.honest b4.blunt b4.one_entry
diagnosis: criterion
"""


def gradient_agrees(cost, grads, params):
    slopes = finite_difference(cost, params)
    return all(bool(np.max(np.abs(slopes[name] - grads[name])) < 1e-5) for name in params)
