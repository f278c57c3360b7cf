"""Steps with lr0 and never looks at the height.

fails: b1.never_falls b1.example b1.path
diagnosis: criterion
"""

import numpy as np


def backtracking_ascent(f, grad, x0, lr0, n_steps):
    return gradient_ascent(grad, x0, min(lr0, 1.0), n_steps)
