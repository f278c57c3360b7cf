"""Moves x on before it takes the product, which then belongs to the next place.

fails: q3.jvp q3.example
diagnosis: stale
"""

def jvp(layers, x, v):
    for layer in layers:
        x = layer(x)
        v = layer.jvp(x, v)
    return x, v
