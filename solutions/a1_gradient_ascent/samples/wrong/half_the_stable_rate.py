"""Gives the fastest rate, 1 / |eigenvalue|, for the largest stable one.

fails: q6.threshold
diagnosis: scale
slip: half
"""

import numpy as np


def max_stable_lr(H):
    return 1 / np.max(np.abs(np.linalg.eigvalsh(H)))
