"""The sharpest curvature by power iteration instead of an eigenvalue routine."""

import numpy as np


def max_stable_lr(H):
    v = np.arange(1.0, len(H) + 1.0) + 0.1
    for _ in range(2000):
        v = H @ v
        v = v / np.sqrt(v @ v)
    return float(-2 / (v @ H @ v))


answers = {"c1": "B", "c2": " C ", "c3": "D", "c4": np.float64(2.5), "c5": 0.333}
