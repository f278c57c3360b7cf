"""Applies the vjps in forward order.

fails: q4.vjp q4.example
diagnosis: order
"""

def vjp(layers, x, u):
    for layer in layers:
        u = layer.vjp(x, u)
        x = layer(x)
    return x, u
