"""Divides by the largest eigenvalue, which for a dome is the gentlest one, and negative.

fails: q6.threshold q6.example
diagnosis: sign
slip: largest
"""

import numpy as np


def max_stable_lr(H):
    return 2 / np.max(np.linalg.eigvalsh(H))
