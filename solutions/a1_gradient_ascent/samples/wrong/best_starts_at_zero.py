"""Begins the comparison at height 0, so heights below zero never win.

fails: q7.negative_values
diagnosis: criterion
"""

import numpy as np


def best_of_restarts(f, grad, starts, lr, n_steps):
    best, best_height = None, 0.0
    for start in starts:
        end = gradient_ascent(grad, start, lr, n_steps)[-1]
        if f(end) > best_height:
            best, best_height = end, f(end)
    return best
