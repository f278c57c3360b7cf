"""The bonus questions by tanh, by finite book-keeping, and by methods of the arrays alone."""

import numpy as np


def sigmoid_network(X, Y, params):
    sigmoid = lambda z: 0.5 * (1 + np.tanh(z / 2))
    h = sigmoid(X @ params["W1"] + params["b1"])
    out = sigmoid(h @ params["W2"] + params["b2"])
    error = out - Y
    delta3 = error * out * (1 - out) / Y.shape[0]
    delta2 = delta3 @ params["W2"].T * h * (1 - h)
    grads = {"W1": X.T @ delta2, "b1": delta2.sum(0), "W2": h.T @ delta3, "b2": delta3.sum(0)}
    return 0.5 * np.mean(np.sum(error**2, axis=1)), grads


def bias_column_gradients(X, y, V1, V2):
    params = {"W1": V1[1:], "b1": V1[0], "W2": V2[1:], "b2": V2[0]}
    logits, cache = forward(X, params)
    grads = backward(cross_entropy_grad(logits, y), cache, params)
    return tuple(np.vstack([grads[f"b{i}"], grads[f"W{i}"]]) for i in (1, 2))


def portable_gradients(X, Y, params):
    N = X.shape[0]
    a = np.where(X @ params["W1"] + params["b1"] > 0, X @ params["W1"] + params["b1"], 0.0)
    s = a @ params["W2"] + params["b2"]
    e = np.exp(s - np.max(s, axis=1, keepdims=True))
    g = (e / np.sum(e, axis=1, keepdims=True) - Y) / N
    d = np.where(a > 0, g @ params["W2"].T, 0.0)
    return {"W1": X.T @ d, "b1": np.sum(d, axis=0), "W2": a.T @ g, "b2": np.sum(g, axis=0)}
