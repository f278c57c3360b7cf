"""Works on transposed matrices and turns the result back."""

import numpy as np



def accumulate_forward(Js):
    P = Js[0].T.copy()
    for J in Js[1:]:
        P = P @ J.T
    return P.T


def accumulate_reverse(Js):
    P = Js[-1].T.copy()
    for J in reversed(Js[:-1]):
        P = np.matmul(J.T, P)
    return P.T
