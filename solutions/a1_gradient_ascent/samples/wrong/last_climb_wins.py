"""Returns the end of the last climb instead of the best.

fails: q7.best q7.negative_values
diagnosis: criterion
"""

import numpy as np


def best_of_restarts(f, grad, starts, lr, n_steps):
    best = -np.inf
    for start in starts:
        end = gradient_ascent(grad, start, lr, n_steps)[-1]
        best = max(best, f(end))
    return end
