"""Uses a step of its own instead of the h that is passed in.

fails: q1.order
diagnosis: ignored
"""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    h = 1e-3
    x = np.asarray(x, dtype=float)
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])
