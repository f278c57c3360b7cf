"""Collects the labels in an array of floats.

fails: q8.labels q8.asymmetric_valley q8.two_dims
diagnosis: dtype
"""

import numpy as np


def basins(grad, starts, peaks, lr, n_steps):
    labels = np.zeros(len(starts))
    for i, start in enumerate(starts):
        end = gradient_ascent(grad, start, lr, n_steps)[-1]
        labels[i] = np.argmin(np.linalg.norm(peaks - end, axis=1))
    return labels
