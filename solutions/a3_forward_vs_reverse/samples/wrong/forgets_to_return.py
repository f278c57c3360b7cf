"""Multiplies, and returns nothing.

fails: q1.fwd_value q1.example q1.fwd_order
diagnosis: type
"""

def accumulate_forward(Js):
    product = Js[0].copy()
    for J in Js[1:]:
        product = J @ product
