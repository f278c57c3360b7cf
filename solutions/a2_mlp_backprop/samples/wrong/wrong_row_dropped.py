"""Bonus: drops the last row of V2 instead of the row of the biases.

fails: b2.same_gradients b2.example
diagnosis: axis
"""

import numpy as np


def bias_column_gradients(X, y, V1, V2):
    A0 = np.column_stack([np.ones(len(X)), X])
    z1 = A0 @ V1
    A1 = np.column_stack([np.ones(len(X)), np.maximum(z1, 0)])
    g = cross_entropy_grad(A1 @ V2, y)
    d_z1 = (g @ V2[:-1].T) * (z1 > 0)
    return A0.T @ d_z1, A1.T @ g
