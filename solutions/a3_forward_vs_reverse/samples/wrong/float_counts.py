"""Sums in floating point and returns floats.

fails: q2.exact_int
diagnosis: dtype
"""

import numpy as np



def forward_macs(dims):
    n = np.array(dims, dtype=float)
    return n[0] * np.dot(n[2:], n[1:-1])


def reverse_macs(dims):
    n = np.array(dims, dtype=float)
    return n[-1] * np.dot(n[1:-1], n[:-2])
