"""Returns zeros of the right shape, and one word, wherever something is asked.

fails: q1.value q1.example q1.order q1.int_input q1.pure_calls q2.example q2.finite q2.unit q2.zero q2.tiny q3.example q3.keeps_its_start q3.closed_form q3.n0 q3.pure q3.int_start q3.early_stop q3.tol0_runs_all q3.start_on_plateau q3.buffer_reuse q4.example q4.rotated q4.degenerate q4.scaled q5.example q5.convex q5.nonconvex_unique_min q5.asym_t q6.example q6.threshold q6.rotated_threshold q7.example q7.best q7.negative_values q7.diverged q8.example q8.labels q8.asymmetric_valley q8.two_dims b1.example b1.path b1.rule b1.never_falls b1.undefined_height b2.example b2.leaves b2.seeded b2.ordinary b3.example b3.matrix b3.beta0 b3.faster b3.memory
diagnosis: zero
"""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    return np.zeros(np.shape(x))


def steepest_direction(g):
    return np.zeros(np.shape(g))


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    return np.zeros((n_steps + 1, len(x0)))


def classify_critical_point(H, tol=1e-8):
    return "degenerate"


def convexity_witness(f, points, ts=(0.25, 0.5, 0.75), tol=1e-9):
    return None


def max_stable_lr(H):
    return 0.0


def best_of_restarts(f, grad, starts, lr, n_steps):
    return np.zeros(starts.shape[1])


def basins(grad, starts, peaks, lr, n_steps):
    return np.zeros(len(starts), dtype=int)


def backtracking_ascent(f, grad, x0, lr0, n_steps):
    return np.zeros((n_steps + 1, len(x0)))


def leave_saddle(grad, x0, lr, n_steps, *, tol=1e-8, radius=1e-3, seed=0):
    return np.zeros((n_steps + 2, len(x0)))


def heavy_ball(grad, x0, lr, beta, n_steps):
    return np.zeros((n_steps + 1, len(x0)))
