"""Pastes the body of jvp, with its names, into vjp.

fails: q4.vjp q4.example
diagnosis: raised
"""

def vjp(layers, x, u):
    for layer in layers:
        x, u = layer(x), layer.vjp(x, v)
    return x, u
