"""Measures the distance to the peaks along the first coordinate only.

fails: q8.two_dims
diagnosis: axis
"""

import numpy as np


def basins(grad, starts, peaks, lr, n_steps):
    labels = []
    for start in starts:
        end = gradient_ascent(grad, start, lr, n_steps)[-1]
        labels.append(int(np.argmin(np.abs(peaks[:, 0] - end[0]))))
    return np.array(labels)
