"""Takes the smallest curvature: the sharp direction flies off.

fails: q6.threshold
diagnosis: criterion
slip: gentlest
"""

import numpy as np


def max_stable_lr(H):
    return 2 / np.min(np.abs(np.linalg.eigvalsh(H)))
