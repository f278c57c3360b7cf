"""Five backward passes, A to E, each beside its function. Four are wrong; one looks wrong and is right.

Read them, and run them if you like; do not mend them. `PASSES["A"]` is the pair (function, backward pass) of A.
A backward pass gets the function's arguments, and then g: the gradient of the cost by the function's result. It returns
the gradient by the function's first argument or arguments. All arrays are float arrays, except where it says otherwise.
"""

import numpy as np


def embedding(E, idx):
    """A: the rows `idx` of a table. E: (R, C).  idx: (n,) whole numbers.  Returns (n, C)."""
    return E[idx]


def embedding_backward(E, idx, g):
    """g: (n, C).  Returns dE, (R, C)."""
    dE = np.zeros(E.shape)
    dE[idx] += g
    return dE


def residual(x, W):
    """B: a block with a road around it. x: (N, H).  W: (H, H).  Returns (N, H)."""
    return x + np.maximum(x @ W, 0)


def residual_backward(x, W, g):
    """g: (N, H).  Returns dx, (N, H), and dW, (H, H)."""
    dz = np.where(x @ W > 0, g, 0)
    dx = dz @ W.T
    dW = x.T @ dz
    return dx, dW


def centred(x):
    """C: what is left without the mean. x: (n,).  Returns (n,)."""
    return x - np.mean(x)


def centred_backward(x, g):
    """g: (n,).  Returns dx, (n,)."""
    dx = np.zeros(x.shape)
    for i in range(len(x)):
        dx[i] = g[i]
    return dx


def power(x, p):
    """D: each entry to the power p. x: (n,).  p: one number, which is a constant.  Returns (n,)."""
    return x**p


def power_backward(x, p, g):
    """g: (n,).  Returns dx, (n,)."""
    slope = p * x ** (p - 1)
    return g * slope


def log_softmax(x):
    """E: the logarithm of the softmax of each row. x: (N, K).  Returns (N, K)."""
    m = np.max(x, axis=1, keepdims=True)
    return x - m - np.log(np.sum(np.exp(x - m), axis=1, keepdims=True))


def log_softmax_backward(x, g):
    """g: (N, K).  Returns dx, (N, K)."""
    m = np.max(x, axis=1, keepdims=True)  # from here on, m is taken for a constant
    e = np.exp(x - m)
    p = e / np.sum(e, axis=1, keepdims=True)
    return g - p * np.sum(g, axis=1, keepdims=True)


PASSES = {
    "A": (embedding, embedding_backward),
    "B": (residual, residual_backward),
    "C": (centred, centred_backward),
    "D": (power, power_backward),
    "E": (log_softmax, log_softmax_backward),
}
