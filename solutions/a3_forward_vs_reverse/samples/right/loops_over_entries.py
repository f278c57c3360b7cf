"""Three loops over zeros, written out, and everything else by index."""

import numpy as np



def times(A, B):
    rows, inner, columns = A.shape[0], A.shape[1], B.shape[1]
    C = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            for k in range(inner):
                C[i, j] += A[i, k] * B[k, j]
    return C


def accumulate_forward(Js):
    P = Js[0].copy()
    for l in range(1, len(Js)):
        P = times(Js[l], P)
    return P


def accumulate_reverse(Js):
    P = Js[len(Js) - 1].copy()
    for l in range(len(Js) - 2, -1, -1):
        P = times(P, Js[l])
    return P
