"""Writes the product into the caller’s u when the sizes agree.

fails: q4.list_untouched
diagnosis: mutated
"""

def vjp(layers, x, u):
    inputs = []
    for layer in layers:
        inputs.append(x)
        x = layer(x)
    for layer, place in zip(reversed(layers), reversed(inputs)):
        row = layer.vjp(place, u)
        u *= 0
        u = row
    return x, u
