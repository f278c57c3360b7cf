"""Counts in 32-bit integers, which wrap around.

fails: q2.exact_int
diagnosis: precision
"""

import numpy as np



def forward_macs(dims):
    n = np.array(dims, dtype=np.int32)
    return n[0] * np.sum(n[2:] * n[1:-1], dtype=np.int32)


def reverse_macs(dims):
    return forward_macs(list(dims)[::-1])
