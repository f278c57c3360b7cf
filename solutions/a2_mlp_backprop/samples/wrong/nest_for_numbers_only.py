"""Starts the slope as the number 1 and turns the end into a float.

fails: q1.nested
diagnosis: raised
"""


def nested_derivative(fs, dfs, x):
    y, slope = x, 1.0
    for f, df in zip(fs, dfs):
        slope *= df(y)
        y = f(y)
    return float(y), float(slope)
