"""Functions without def."""

from functools import partial

import numpy as np

relu_vjp = lambda z, g: np.where(z > 0, g, g.dtype.type(0))
linear_vjp = lambda X, W, g: (g @ W.T, X.T @ g, g.sum(0))
move = lambda rate_sign, params, grads, lr: {k: params[k] + rate_sign * lr * grads[k] for k in params}
sgd_update = partial(move, -1.0)
