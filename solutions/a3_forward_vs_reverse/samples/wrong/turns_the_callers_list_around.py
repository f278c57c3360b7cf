"""Reverses the list of layers in place for the way back.

fails: q4.list_untouched
diagnosis: mutated
"""

def vjp(layers, x, u):
    inputs = []
    for layer in layers:
        inputs.append(x)
        x = layer(x)
    layers.reverse()
    for layer in layers:
        u = layer.vjp(inputs.pop(), u)
    return x, u
