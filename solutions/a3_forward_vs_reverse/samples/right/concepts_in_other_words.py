"""Widths as an array, capital letters, lists for tuples, a float for a whole number."""

import numpy as np


def fewer(n_in, n_out):
    return ["Forward", min(n_in, n_out)] if n_in < n_out else ["Reverse", min(n_in, n_out)]


def kept(dims):
    return float(np.sum(np.array(dims)[:-1]))


answers = {"c1": np.array([300, 999_999, 1, 1, 20]), "c2": fewer, "c3": kept}
