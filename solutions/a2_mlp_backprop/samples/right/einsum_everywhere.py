"""Every product is an einsum."""

import numpy as np


def forward(X, params):
    z1 = np.einsum("nd,dh->nh", X, params["W1"]) + params["b1"]
    a1 = z1 * (z1 > 0)
    return np.einsum("nh,hk->nk", a1, params["W2"]) + params["b2"], (X, z1)


def linear_vjp(X, W, g):
    return np.einsum("nh,dh->nd", g, W), np.einsum("nd,nh->dh", X, g), np.einsum("nh->h", g).copy()


def backward(dlogits, cache, params):
    X, z1 = cache
    a1, on = z1 * (z1 > 0), z1 > 0
    d_z1 = np.einsum("nk,hk,nh->nh", dlogits, params["W2"], on)
    return {
        "W1": np.einsum("nd,nh->dh", X, d_z1),
        "b1": np.einsum("nh->h", d_z1),
        "W2": np.einsum("nh,nk->hk", a1, dlogits),
        "b2": dlogits.sum(0),
    }
