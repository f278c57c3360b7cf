"""Accumulates with transposes and forgets to turn the result back.

fails: q1.rev_value
diagnosis: transpose
"""

def accumulate_forward(Js):
    product = Js[0].copy()
    for J in Js[1:]:
        product = J @ product
    return product


def accumulate_reverse(Js):
    product = Js[-1].T
    for J in Js[-2::-1]:
        product = J.T @ product
    return product
