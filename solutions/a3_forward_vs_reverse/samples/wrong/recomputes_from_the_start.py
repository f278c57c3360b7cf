"""Keeps the input of the chain alone and walks again from there for every layer.

fails: b1.extra_forward
diagnosis: calls
"""

def checkpointed_vjp(layers, x, u, k):
    def run(count):
        z = x
        for layer in layers[:count]:
            z = layer(z)
        return z

    y = run(len(layers))
    for i in range(len(layers) - 1, -1, -1):
        u = layers[i].vjp(run(i), u)
    return y, u


def best_interval(L):
    return min(range(1, L + 1), key=lambda k: -(-L // k) + k)
