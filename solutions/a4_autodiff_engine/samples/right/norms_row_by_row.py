"""Builds the Jacobian of each row, and turns the array for the columns."""

import numpy as np


def layernorm_vjp(x, gamma, u):
    rows, normal = [], []
    for row, message in zip(x, u * gamma, strict=True):
        c = row - row.mean()
        s = np.sqrt((c * c).mean() + 1e-5)
        centring = np.eye(len(row)) - 1 / len(row)
        jacobian = centring / s - np.outer(c, c) / (len(row) * s**3)
        rows.append(message @ jacobian)
        normal.append(c / s)
    dx, n = np.array(rows, dtype=x.dtype), np.array(normal, dtype=x.dtype)
    return dx, (u * n).sum(axis=0), u.sum(axis=0)


def batchnorm_vjp(x, gamma, u):
    dx, dgamma, _ = layernorm_vjp(x.T, np.ones(len(x), dtype=x.dtype), (u * gamma).T)
    c = x - x.mean(axis=0)
    n = c / np.sqrt((c * c).mean(axis=0) + np.asarray(1e-5, dtype=x.dtype))
    return dx.T, (u * n).sum(axis=0), u.sum(axis=0)
