"""Takes ceil(sqrt L) for the best interval, plus one for luck.

fails: b1.best_interval
diagnosis: search
"""

import math


def checkpointed_vjp(layers, x, u, k):
    starts, y = {}, x
    for i, layer in enumerate(layers):
        if i % k == 0:
            starts[i] = y
        y = layer(y)
    for start in sorted(starts, reverse=True):
        y_there, u = vjp_of(layers[start : start + k], starts.pop(start), u)
    return y, u


def vjp_of(segment, x, u):
    inputs = [x]
    for layer in segment[:-1]:
        inputs.append(layer(inputs[-1]))
    for layer in reversed(segment):
        u = layer.vjp(inputs.pop(), u)
    return None, u


def best_interval(L):
    return math.ceil(math.sqrt(L)) + 1
