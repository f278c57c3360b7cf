"""Keeps the outputs of the layers and takes the products there.

fails: q4.vjp q4.example
diagnosis: stale
"""

def vjp(layers, x, u):
    outputs = []
    for layer in layers:
        x = layer(x)
        outputs.append(x)
    for layer, y in zip(reversed(layers), reversed(outputs)):
        u = layer.vjp(y, u)
    return x, u
