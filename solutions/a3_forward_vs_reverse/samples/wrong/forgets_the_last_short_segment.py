"""Handles whole segments only: the layers behind the last one are left out.

fails: b1.value
diagnosis: edge
"""

def checkpointed_vjp(layers, x, u, k):
    k = min(k, len(layers))
    n = len(layers) // k * k
    kept = []
    y = x
    for i, layer in enumerate(layers):
        if i < n and i % k == 0:
            kept.append(y)
        y = layer(y)
    for start in range(n - k, -1, -k):
        inputs = [kept.pop()]
        for layer in layers[start : start + k - 1]:
            inputs.append(layer(inputs[-1]))
        for layer in layers[start : start + k][::-1]:
            if u.size == layer(inputs[-1]).size:
                u = layer.vjp(inputs.pop(), u)
    return y, u


def best_interval(L):
    return min(range(1, L + 1), key=lambda k: -(-L // k) + k)
