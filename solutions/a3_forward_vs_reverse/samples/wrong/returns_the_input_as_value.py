"""Forgets to return the value of the chain: y is x.

fails: q4.vjp q4.example
diagnosis: quantity
"""

def vjp(layers, x, u):
    inputs = [x]
    for layer in layers:
        inputs.append(layer(inputs[-1]))
    for layer, place in zip(reversed(layers), reversed(inputs[:-1])):
        u = layer.vjp(place, u)
    return x, u
