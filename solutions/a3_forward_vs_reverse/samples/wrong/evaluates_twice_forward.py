"""Walks once for the value and once more for the product.

fails: q3.cost
diagnosis: calls
"""

def jvp(layers, x, v):
    y = x
    for layer in layers:
        y = layer(y)
    for layer in layers:
        v = layer.jvp(x, v)
        x = layer(x)
    return y, v
