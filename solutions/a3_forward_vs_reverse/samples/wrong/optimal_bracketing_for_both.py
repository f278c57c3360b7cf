"""Multiplies by halves, which is neither order.

fails: q1.fwd_order q1.rev_order
diagnosis: order
"""

def accumulate_forward(Js):
    if len(Js) == 1:
        return Js[0].copy()
    middle = len(Js) // 2
    return accumulate_forward(Js[middle:]) @ accumulate_forward(Js[:middle])


def accumulate_reverse(Js):
    return accumulate_forward(Js)
