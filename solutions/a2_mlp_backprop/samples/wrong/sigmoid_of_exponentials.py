"""Bonus: e^z / (1 + e^z), which is infinity over infinity for large z.

fails: b1.saturated
diagnosis: non_finite
"""

import numpy as np


def sigmoid_network(X, Y, params):
    def sigmoid(z):
        return np.exp(z) / (1 + np.exp(z))

    a1 = sigmoid(X @ params["W1"] + params["b1"])
    a2 = sigmoid(a1 @ params["W2"] + params["b2"])
    d_z2 = (a2 - Y) * a2 * (1 - a2) / len(X)
    d_z1 = (d_z2 @ params["W2"].T) * a1 * (1 - a1)
    cost = np.sum((a2 - Y) ** 2) / (2 * len(X))
    return cost, {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": a1.T @ d_z2, "b2": d_z2.sum(axis=0)}
