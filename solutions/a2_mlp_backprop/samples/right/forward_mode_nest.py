"""Carries the pair (value, derivative) through the nest."""


def nested_derivative(fs, dfs, x):
    pair = (x, x * 0 + 1.0)
    for i in range(len(fs)):
        v, dv = pair
        pair = (fs[i](v), dfs[i](v) * dv)
    return pair
