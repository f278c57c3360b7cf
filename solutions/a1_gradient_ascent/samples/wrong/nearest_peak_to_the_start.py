"""Labels each start with the peak nearest to it, without climbing.

fails: q8.labels
diagnosis: criterion
slip: of_start
"""

import numpy as np


def basins(grad, starts, peaks, lr, n_steps):
    return np.array([int(np.argmin(np.linalg.norm(peaks - s, axis=1))) for s in starts])
