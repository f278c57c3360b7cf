"""Reverses the list in place, and leaves it that way.

fails: q1.list_untouched
diagnosis: mutated
"""

def accumulate_forward(Js):
    product = Js[0].copy()
    for J in Js[1:]:
        product = J @ product
    return product


def accumulate_reverse(Js):
    Js.reverse()
    product = Js[0].copy()
    for J in Js[1:]:
        product = product @ J
    return product
