"""Counts in floats and rounds at the end, when the last digits are gone.

fails: q2.exact_int
diagnosis: precision
"""

import numpy as np



def forward_macs(dims):
    n = np.array(dims, dtype=float)
    return int(n[0] * np.dot(n[2:], n[1:-1]))


def reverse_macs(dims):
    n = np.array(dims, dtype=float)
    return int(n[-1] * np.dot(n[1:-1], n[:-2]))
