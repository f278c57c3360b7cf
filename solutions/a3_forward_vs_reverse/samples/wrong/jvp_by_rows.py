"""Builds Jv out of vjps with unit vectors.

fails: q3.cost
diagnosis: method
"""

import numpy as np



def jvp(layers, x, v):
    for layer in layers:
        y = layer(x)
        v = np.array([layer.vjp(x, e) @ v for e in np.eye(y.size)])
        x = y
    return x, v
