"""Looks at all examples only, so shuffled labels and a broken network look alike.

fails: b5.twelve_runs b5.six_runs
diagnosis: criterion
"""


def diagnose(run, n_classes):
    losses = run(120, 80, 1.0)
    if losses[0] > np.log(n_classes) + 0.3:
        return "starts too high"
    if losses[-1] == losses[0]:
        return "never moves"
    if not max(losses) < 2 * losses[0]:
        return "rate too large"
    return "cannot overfit ten" if losses[-1] > 0.3 * losses[0] else "fine"
