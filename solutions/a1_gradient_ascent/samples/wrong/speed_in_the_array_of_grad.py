"""Takes the array that grad returns for its speed, and writes into it.

fails: b3.memory
diagnosis: aliased
"""

import numpy as np


def heavy_ball(grad, x0, lr, beta, n_steps):
    path = [np.array(x0, dtype=float)]
    v = None
    for _ in range(n_steps):
        g = grad(path[-1])
        if v is None:
            v = g
        else:
            v *= beta
            v += g
        path.append(path[-1] + lr * v)
    return np.array(path)
