"""Begins with fs[0], which an empty nest does not have.

fails: q1.empty
diagnosis: raised
"""


def nested_derivative(fs, dfs, x):
    y, slope = fs[0](x), dfs[0](x)
    for f, df in zip(fs[1:], dfs[1:]):
        slope = slope * df(y)
        y = f(y)
    return y, slope
