"""Sees no illness.

fails: b5.twelve_runs b5.six_runs
diagnosis: criterion
"""


def diagnose(run, n_classes):
    return "fine" if run(10, 5, 1.0)[0] else "fine"
