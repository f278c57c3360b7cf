"""Empties the list of Jacobians while it multiplies.

fails: q1.list_untouched
diagnosis: mutated
"""

def accumulate_forward(Js):
    product = Js[0].copy()
    for J in Js[1:]:
        product = J @ product
    return product


def accumulate_reverse(Js):
    product = Js.pop().copy()
    while Js:
        product = product @ Js.pop()
    return product
