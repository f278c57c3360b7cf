"""Differences the chain for the forward Jacobian: no jvp is called.

fails: q5.cost
diagnosis: method
"""

import numpy as np



def jacobian_forward(layers, x):
    def run(z):
        for layer in layers:
            z = layer(z)
        return z

    h = 1e-5
    return np.stack([(run(x + h * e) - run(x - h * e)) / (2 * h) for e in np.eye(x.size)], axis=1)


def jacobian_reverse(layers, x):
    y = x
    for layer in layers:
        y = layer(y)
    return np.stack([vjp(layers, x, e)[1] for e in np.eye(y.size)])
