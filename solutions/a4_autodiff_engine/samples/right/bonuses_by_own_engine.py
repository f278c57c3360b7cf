"""Layers as Python functions, which the own engine differentiates."""

import numpy as np


def of_engine(f, xs, u):
    """The gradients of u · f in all xs."""
    program, inputs = trace(f, [np.asarray(x, dtype=float) for x in xs])
    ops = table(local_vjp, matmul_vjp, unbroadcast, backprop)
    return gradients(program, inputs, np.asarray(u, dtype=float), ops, range(len(xs)))[1]


def layernorm_vjp(x, gamma, u):
    D = x.shape[1]
    mean = np.full((D, D), 1 / D)

    def layer(x, gamma, beta):
        c = x - x @ mean
        return c / (0.5 * ((c * c) @ mean + 1e-5).log()).exp() * gamma + beta

    return tuple(g.astype(x.dtype) for g in of_engine(layer, (x, gamma, 0 * gamma), u))


def batchnorm_vjp(x, gamma, u):
    N = x.shape[0]
    mean = np.full((N, N), 1 / N)

    def layer(x, gamma, beta):
        c = x - mean @ x
        return c * (-0.5 * (mean @ (c * c) + 1e-5).log()).exp() * gamma + beta

    return tuple(g.astype(x.dtype) for g in of_engine(layer, (x, gamma, 0 * gamma), u))


def error_norms(Ws, x, u, slope):
    def chain(*shifts):
        a = np.asarray(x, dtype=float)[:, None]
        for W, shift in zip(Ws, shifts):
            z = W @ a + shift
            a = slope * z + (1 - slope) * z.relu()
        return a

    shifts = [np.zeros((len(W), 1)) for W in Ws]
    return [np.sqrt(np.sum(g**2)) for g in of_engine(chain, shifts, u[:, None])]


def steady_gain(slope):
    return ((1 + slope**2) / 2) ** -0.5
