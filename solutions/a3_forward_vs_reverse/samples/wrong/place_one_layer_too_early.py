"""Counts one too far back: every layer but the first is asked at the input of the layer before.

fails: q4.vjp q4.example
diagnosis: stale
"""

def vjp(layers, x, u):
    places = [x]
    for layer in layers:
        places.append(layer(places[-1]))
    for i in range(len(layers) - 1, -1, -1):
        u = layers[i].vjp(places[max(i - 1, 0)], u)
    return places[-1], u
