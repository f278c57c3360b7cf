"""Carries x instead of v.

fails: q3.jvp
diagnosis: quantity
"""

def jvp(layers, x, v):
    v = x
    for layer in layers:
        v, x = layer.jvp(x, v), layer(x)
    return x, v
