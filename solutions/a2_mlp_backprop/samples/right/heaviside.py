"""np.heaviside with the value 0 at 0."""

import numpy as np


def relu_vjp(z, g):
    return np.multiply(np.heaviside(z, 0), g).astype(g.dtype)


def linear_vjp(X, W, g):
    return np.tensordot(g, W, axes=([1], [1])), np.tensordot(X, g, axes=([0], [0])), np.sum(g, 0)
