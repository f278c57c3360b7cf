"""Lets np.argmax choose, which takes NaN for the greatest height.

fails: q7.diverged
diagnosis: non_finite
"""

import numpy as np


def best_of_restarts(f, grad, starts, lr, n_steps):
    ends = [gradient_ascent(grad, s, lr, n_steps)[-1] for s in starts]
    return ends[int(np.argmax([f(e) for e in ends]))]
