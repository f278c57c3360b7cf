"""Stacks the columns of the forward Jacobian as rows.

fails: q5.fwd_value q5.example
diagnosis: transpose
"""

import numpy as np



def jacobian_forward(layers, x):
    return np.array([jvp(layers, x, e)[1] for e in np.eye(len(x))])


def jacobian_reverse(layers, x):
    y = x
    for layer in layers:
        y = layer(y)
    return np.array([vjp(layers, x, e)[1] for e in np.eye(len(y))])
