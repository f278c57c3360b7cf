"""Looks at a small part of the rate before it blames it."""


def diagnose(run, n_classes):
    whole, ten = run(120, 80, 1), run(10, 80, 1)
    if whole[0] > np.log(n_classes) + 0.3:
        return "starts too high"
    if np.ptp(whole) == 0:
        return "never moves"
    if not np.nanmax(whole) <= 1.5 * whole[0] or np.isnan(whole).any():
        if run(120, 80, 0.05)[-1] < whole[0]:
            return "rate too large"
    if ten[-1] > 0.25 * np.log(n_classes):
        return "cannot overfit ten"
    if whole[-1] > 0.3 * np.log(n_classes):
        return "labels shuffled"
    return "fine"
