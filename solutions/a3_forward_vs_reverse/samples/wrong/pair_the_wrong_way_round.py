"""Returns (Jv, y).

fails: q3.jvp q3.example
diagnosis: order
"""

def jvp(layers, x, v):
    for layer in layers:
        x, v = layer(x), layer.jvp(x, v)
    return v, x
