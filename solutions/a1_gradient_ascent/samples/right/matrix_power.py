"""The largest bend from the trace of a high power of H, taken by repeated squaring."""

import numpy as np


def max_stable_lr(H):
    scale = np.abs(H).max()
    power, log_norm = np.array(H, dtype=float) / scale, 0.0
    for k in range(40):
        power = power @ power
        size = np.abs(power).max()
        power /= size
        log_norm += np.log(size) / 2.0 ** (k + 1)
    return np.array([2 / (scale * np.exp(log_norm))])
