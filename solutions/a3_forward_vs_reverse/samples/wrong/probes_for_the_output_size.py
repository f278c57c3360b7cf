"""Runs one pass more, to learn how many outputs there are.

fails: q5.cost
diagnosis: calls
"""

import numpy as np



def jacobian_forward(layers, x):
    m = jvp(layers, x, np.zeros_like(x))[0].size
    J = np.zeros((m, x.size))
    for i, e in enumerate(np.eye(x.size)):
        J[:, i] = jvp(layers, x, e)[1]
    return J


def jacobian_reverse(layers, x):
    y = x
    for layer in layers:
        y = layer(y)
    return np.stack([vjp(layers, x, e)[1] for e in np.eye(y.size)])
