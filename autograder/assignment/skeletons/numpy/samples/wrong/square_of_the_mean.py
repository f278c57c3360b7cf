"""Squares the mean instead of averaging the squares.

fails: q1.value
diagnosis: value
"""


def mean_square(x):
    return (sum(x) / len(x)) ** 2
