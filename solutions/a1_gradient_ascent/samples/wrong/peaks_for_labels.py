"""Returns the peaks themselves where their rows, whole numbers, are asked for.

fails: q8.labels q8.example
diagnosis: shape
"""

import numpy as np


def basins(grad, starts, peaks, lr, n_steps):
    ends = [gradient_ascent(grad, start, lr, n_steps)[-1] for start in starts]
    return np.array([peaks[np.argmin(np.linalg.norm(peaks - end, axis=1))] for end in ends])
