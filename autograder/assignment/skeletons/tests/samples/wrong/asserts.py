"""Raises where it should return False.

fails: q1.innocent q1.order q1.length q1.repeats q1.memory
diagnosis: raised
"""


def accepts(median):
    assert abs(median([7]) - 7) < 1e-6
    assert abs(median([5, 1, 3]) - 3) < 1e-6
    assert abs(median([4, 1, 3, 2]) - 2.5) < 1e-6
    assert abs(median([2, 2, 2, 9, 5]) - 2) < 1e-6
    return True
