"""Sees no illness.

fails: b5.nine_of_ten b5.all_ten
diagnosis: criterion
"""


def diagnose(run, n_classes):
    return "fine" if run(10, 5, 1.0)[0] else "fine"
