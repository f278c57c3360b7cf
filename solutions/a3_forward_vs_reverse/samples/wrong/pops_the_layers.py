"""Takes the layers off the list on the way back.

fails: q4.list_untouched
diagnosis: mutated
"""

def vjp(layers, x, u):
    inputs = []
    for layer in layers:
        inputs.append(x)
        x = layer(x)
    while layers:
        u = layers.pop().vjp(inputs.pop(), u)
    return x, u
