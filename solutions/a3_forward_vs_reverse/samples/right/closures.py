"""Collects pullbacks on the way there and calls them on the way back; answers are lists."""

def jvp(layers, x, v):
    for layer in layers:
        tangent = layer.jvp(x, v)
        x = layer(x)
        v = tangent
    return [x, v]


def vjp(layers, x, u):
    pullbacks = []
    for layer in layers:
        pullbacks.append(lambda row, layer=layer, x=x: layer.vjp(x, row))
        x = layer(x)
    for pull in pullbacks[::-1]:
        u = pull(u)
    return [x, u]
