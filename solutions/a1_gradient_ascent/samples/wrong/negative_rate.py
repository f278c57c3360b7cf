"""Forgets that the eigenvalues are negative.

fails: q6.threshold
diagnosis: sign
slip: negative
"""

import numpy as np


def max_stable_lr(H):
    return 2 / np.min(np.linalg.eigvalsh(H))
