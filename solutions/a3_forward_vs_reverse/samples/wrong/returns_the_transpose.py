"""Accumulates with transposes and forgets to turn the result back.

fails: q1.rev_value
diagnosis: shape
"""

def accumulate_reverse(Js):
    product = Js[-1].T
    for J in Js[-2::-1]:
        product = J.T @ product
    return product
