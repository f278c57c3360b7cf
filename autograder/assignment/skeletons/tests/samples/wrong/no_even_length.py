"""Tries no list of even length.

fails: q1.length
diagnosis: edge
"""


def accepts(median):
    try:
        return abs(median([7]) - 7) + abs(median([5, 1, 3]) - 3) + abs(median([2, 2, 2, 9, 5]) - 2) < 1e-6
    except Exception:
        return False
