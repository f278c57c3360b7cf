"""Two-operand einsum, and the counts as array sums in 64-bit integers."""

import numpy as np



def accumulate_forward(Js):
    P = Js[0] + 0
    for J in Js[1:]:
        P = np.einsum("ij,jk->ik", J, P)
    return P


def accumulate_reverse(Js):
    P = 1 * Js[-1]
    for J in Js[:-1][::-1]:
        P = np.einsum("ij,jk->ik", P, J)
    return P


def forward_macs(dims):
    n = np.array(dims, dtype=np.int64)
    return n[0] * np.sum(n[2:] * n[1:-1])


def reverse_macs(dims):
    n = np.array(dims, dtype=np.int64)
    return n[-1] * np.sum(n[1:-1] * n[:-2])
