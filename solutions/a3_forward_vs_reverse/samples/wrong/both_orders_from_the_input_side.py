"""Believes that the name of a function decides the order: both begin with J2 J1.

fails: q1.rev_order q1.count
diagnosis: order
"""

def accumulate_forward(Js):
    product = Js[0].copy()
    for J in Js[1:]:
        product = J @ product
    return product


def accumulate_reverse(Js):
    return accumulate_forward(Js)
