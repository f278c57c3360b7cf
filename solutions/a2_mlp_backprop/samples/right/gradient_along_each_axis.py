"""One number at a time, in a loop of its own, and it stops at the first that is off; prints nothing, returns a bool."""


def gradient_agrees(cost, grads, params):
    here = abs(cost(params))
    for name in params:
        measured = np.empty(params[name].size)
        for i in range(measured.size):
            ends = []
            for h in (1e-4, -1e-4):
                moved = {key: np.array(array) for key, array in params.items()}
                moved[name].flat[i] += h
                ends.append(cost(moved))
            measured[i] = (ends[0] - ends[1]) / 2e-4
        claimed = np.ravel(grads[name])
        size = max(np.abs(measured).max(), np.abs(claimed).max())
        if np.abs(measured - claimed).max() > 1e-3 * size + 1e-7 * here:
            return np.bool_(False)
    return np.bool_(True)
