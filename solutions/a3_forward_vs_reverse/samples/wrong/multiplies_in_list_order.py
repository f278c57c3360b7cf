"""Multiplies J1 J2 … J_L, as the list reads.

fails: q1.fwd_value q1.rev_value q1.example
diagnosis: order
slip: list_order
"""

def accumulate_forward(Js):
    product = Js[0].copy()
    for J in Js[1:]:
        product = product @ J
    return product


def accumulate_reverse(Js):
    product = Js[-1].copy()
    for J in Js[-2::-1]:
        product = J @ product
    return product
