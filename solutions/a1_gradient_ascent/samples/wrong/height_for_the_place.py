"""Returns the greatest height, not the place that has it.

fails: q7.best q7.example
diagnosis: quantity
"""

import numpy as np


def best_of_restarts(f, grad, starts, lr, n_steps):
    ends = [gradient_ascent(grad, start, lr, n_steps)[-1] for start in starts]
    return np.array([np.nanmax([f(end) for end in ends])])
