"""Reads the curvatures off the diagonal.

fails: q6.rotated_threshold
diagnosis: criterion
"""

import numpy as np


def max_stable_lr(H):
    return 2 / np.max(np.abs(np.diag(H)))
