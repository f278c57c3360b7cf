"""Returns (Jv, y) and (uJ, y).

fails: q3.jvp q4.vjp q3.example q4.example
diagnosis: value
"""

def jvp(layers, x, v):
    for layer in layers:
        x, v = layer(x), layer.jvp(x, v)
    return v, x
