"""No arrays at all: lists, floats and loops."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = [float(v) for v in x]
    slopes = []
    for i in range(len(x)):
        ahead, behind = list(x), list(x)
        ahead[i] += h
        behind[i] -= h
        slopes.append((float(f(np.array(ahead))) - float(f(np.array(behind)))) / (2 * h))
    return slopes


def steepest_direction(g):
    norm = sum(float(v) ** 2 for v in g) ** 0.5
    return [float(v) / norm if norm else 0.0 for v in g]


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    path = [[float(v) for v in x0]]
    while len(path) <= n_steps:
        g = [float(v) for v in grad(np.array(path[-1]))]
        if sum(v * v for v in g) ** 0.5 <= tol:
            break
        path.append([x + lr * v for x, v in zip(path[-1], g)])
    return path


def best_of_restarts(f, grad, starts, lr, n_steps):
    best = None
    for start in starts:
        end = gradient_ascent(grad, start, lr, n_steps)[-1]
        height = f(np.array(end))
        if height == height and (best is None or height > best[0]):
            best = (height, end)
    return best[1]


def basins(grad, starts, peaks, lr, n_steps):
    labels = []
    for start in starts:
        end = gradient_ascent(grad, start, lr, n_steps)[-1]
        distances = [sum((p - e) ** 2 for p, e in zip(peak, end)) for peak in peaks]
        labels.append(distances.index(min(distances)))
    return labels
