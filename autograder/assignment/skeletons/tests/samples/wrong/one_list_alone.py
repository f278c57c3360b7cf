"""Tries one list of four numbers, and nothing else.

fails: q1.length q1.repeats q1.memory
diagnosis: edge
"""


def accepts(median):
    return abs(median([4, 1, 3, 2]) - 2.5) < 1e-6
