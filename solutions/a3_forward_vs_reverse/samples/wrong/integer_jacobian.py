"""Fills an array of whole numbers, which cuts the fractions off. The public example has none.

fails: q5.rev_value
diagnosis: precision
"""

import numpy as np


def jacobian_reverse(layers, x):
    y = x
    for layer in layers:
        y = layer(y)
    J = np.zeros((len(y), len(x)), dtype=int)
    for j, seed in enumerate(np.eye(len(y))):
        J[j] = vjp(layers, x, seed)[1]
    return J
