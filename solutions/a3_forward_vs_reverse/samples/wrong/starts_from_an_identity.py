"""Begins each product with an identity matrix, one product too many.

fails: q1.fwd_order q1.rev_order q1.count
diagnosis: calls
"""

import numpy as np



def accumulate_forward(Js):
    product = np.eye(Js[0].shape[1])
    for J in Js:
        product = J @ product
    return product


def accumulate_reverse(Js):
    product = np.eye(Js[-1].shape[0])
    for J in Js[::-1]:
        product = product @ J
    return product
