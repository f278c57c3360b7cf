"""Empties the list of Jacobians while it multiplies.

fails: q1.list_untouched
diagnosis: mutated
"""

def accumulate_reverse(Js):
    product = Js.pop().copy()
    while Js:
        product = product @ Js.pop()
    return product
