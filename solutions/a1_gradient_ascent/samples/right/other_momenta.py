"""Momentum as a difference of places, and a probe matrix for the gradient; no speed is kept anywhere."""

import numpy as np


def heavy_ball(grad, x0, lr, beta, n_steps):
    path = np.zeros((n_steps + 1, len(x0)))
    path[0] = x0
    for t in range(n_steps):
        moved = path[t] - path[t - 1] if t else 0.0
        path[t + 1] = path[t] + lr * grad(path[t]) + beta * moved
    return path


def numerical_gradient(f, x, h=1e-5):
    feet = np.vstack([np.eye(len(x)), -np.eye(len(x))]) * h + np.asarray(x)
    ahead, behind = np.split(np.array([f(foot) for foot in feet]), 2)
    return (ahead - behind) / h / 2
