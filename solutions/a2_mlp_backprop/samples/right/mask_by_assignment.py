"""Copies, then assigns zeros where the unit is off."""

import numpy as np


def relu_vjp(z, g):
    d = np.array(g)
    d[np.less_equal(z, 0)] = 0
    return d


def linear_vjp(X, W, g):
    ones = np.ones((1, len(g)), dtype=g.dtype)
    return [np.dot(g, W.T), np.dot(g.T, X).T, np.dot(ones, g)[0]]
