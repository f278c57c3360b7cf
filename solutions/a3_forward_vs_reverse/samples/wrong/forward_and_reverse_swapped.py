"""Takes "forward" for reading the formula from the left, J_L first.

fails: q1.fwd_order q1.rev_order q1.count
diagnosis: order
"""

def accumulate_forward(Js):
    product = Js[-1].copy()
    for J in Js[-2::-1]:
        product = product @ J
    return product


def accumulate_reverse(Js):
    product = Js[0].copy()
    for J in Js[1:]:
        product = J @ product
    return product
