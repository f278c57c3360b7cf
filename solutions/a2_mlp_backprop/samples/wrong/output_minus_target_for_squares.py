"""Bonus: output minus target as the error term, without the slope of the output's sigmoid.

fails: b1.gradients b1.example
diagnosis: chain
"""

import numpy as np


def sigmoid_network(X, Y, params):
    def sigmoid(z):
        return 1 / (1 + np.exp(-np.clip(z, -700, 700)))

    a1 = sigmoid(X @ params["W1"] + params["b1"])
    a2 = sigmoid(a1 @ params["W2"] + params["b2"])
    d_z2 = (a2 - Y) / len(X)
    d_z1 = (d_z2 @ params["W2"].T) * a1 * (1 - a1)
    cost = np.sum((a2 - Y) ** 2) / (2 * len(X))
    return cost, {"W1": X.T @ d_z1, "b1": d_z1.sum(axis=0), "W2": a1.T @ d_z2, "b2": d_z2.sum(axis=0)}
