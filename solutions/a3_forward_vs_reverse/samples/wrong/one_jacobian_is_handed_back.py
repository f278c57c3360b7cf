"""Returns the very matrix it was given when there is one layer.

fails: q1.list_untouched
diagnosis: aliased
"""

def accumulate_forward(Js):
    product = Js[0]
    for J in Js[1:]:
        product = J @ product
    return product


def accumulate_reverse(Js):
    product = Js[-1]
    for J in reversed(Js[:-1]):
        product = product @ J
    return product
