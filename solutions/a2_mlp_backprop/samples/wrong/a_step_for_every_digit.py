"""Tries seven steps for each number and takes the best: more calls than are allowed.

fails: b4.honest
diagnosis: calls
"""


def gradient_agrees(cost, grads, params):
    floor = 1e-7 * abs(cost(params))
    tried = [finite_difference(cost, params, h=h) for h in np.logspace(-8, -4, 7)]
    for name, claim in grads.items():
        off = []
        for slopes in tried:
            largest = max(np.max(np.abs(slopes[name])), np.max(np.abs(claim)))
            off.append(0.0 if largest <= floor else np.max(np.abs(slopes[name] - claim)) / largest)
        if min(off) > 5e-4:
            return False
    return True
