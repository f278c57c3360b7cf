"""Builds both Jacobians out of jvps.

fails: q5.cost
diagnosis: method
"""

import numpy as np



def jacobian_forward(layers, x):
    return np.stack([jvp(layers, x, e)[1] for e in np.eye(len(x))], axis=1)


def jacobian_reverse(layers, x):
    return jacobian_forward(layers, x)
