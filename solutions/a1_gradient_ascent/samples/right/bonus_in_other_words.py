"""Recursion over rates instead of a loop, and a path that is stacked from its parts."""

import numpy as np


def paying_step(f, x, g, rate, tries=60):
    there = x + rate * g
    rise = f(there) - f(x)
    if rise >= 1e-4 * rate * np.sum(g**2):
        return [there]
    return paying_step(f, x, g, rate / 2, tries - 1) if tries else []


def backtracking_ascent(f, grad, x0, lr0, n_steps):
    path = [np.asarray(x0, dtype=float)]
    while len(path) <= n_steps:
        g = np.array(grad(path[-1]))
        step = paying_step(f, path[-1], g, lr0) if g.any() else []
        if not step:
            break
        path += step
    return np.vstack(path)


def leave_saddle(grad, x0, lr, n_steps, tol=1e-8, radius=1e-3, seed=0):
    path = [np.array(x0, dtype=float)]
    if np.sum(np.array(grad(path[0])) ** 2) <= tol**2:
        angle = np.random.default_rng(seed).standard_normal(len(path[0]))
        path.append(path[0] + radius * angle / np.sqrt(np.sum(angle**2)))
    for _ in range(n_steps):
        g = grad(path[-1])
        if not np.any(g):
            break
        path.append(path[-1] + lr * g)
    return path


def heavy_ball(grad, x0, lr, beta, n_steps):
    if n_steps == 0:
        return np.array([x0], dtype=float)
    before = np.asarray(heavy_ball(grad, x0, lr, beta, n_steps - 1))
    speed = (before[-1] - before[-2]) / lr if n_steps > 1 else np.zeros(before.shape[1])
    return np.append(before, [before[-1] + lr * (beta * speed + grad(before[-1]))], axis=0)
