"""Comes back through the layers but reads the kept inputs from the front.

fails: q4.vjp q4.example
diagnosis: order
"""

def vjp(layers, x, u):
    inputs = []
    for layer in layers:
        inputs.append(x)
        x = layer(x)
    for layer, place in zip(reversed(layers), inputs):
        u = layer.vjp(place, u)
    return x, u
