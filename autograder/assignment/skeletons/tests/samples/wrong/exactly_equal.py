"""Compares floats exactly, so that a right function with a rounding is condemned.

fails: q1.innocent q1.order q1.length q1.repeats q1.memory
diagnosis: search
"""


def accepts(median):
    try:
        return all(median(each) == right for each, right in [([7], 7), ([5, 1, 3], 3), ([4, 1, 3, 2], 2.5)])
    except Exception:
        return False
