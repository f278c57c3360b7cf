"""A Climber object does the work; the function only makes one."""

import numpy as np


class Climber:
    def __init__(self, grad, x0, lr):
        self.grad, self.lr = grad, lr
        self.x = np.array(x0, dtype=float)
        self.diary = [tuple(self.x)]

    def slope(self):
        return np.array(self.grad(self.x), dtype=float)

    def step(self, g):
        self.x += self.lr * g
        self.diary.append(tuple(self.x))


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    climber = Climber(grad, x0, lr)
    for _ in range(n_steps):
        g = climber.slope()
        if np.linalg.norm(g) <= tol:
            break
        climber.step(g)
    return np.array(climber.diary)
