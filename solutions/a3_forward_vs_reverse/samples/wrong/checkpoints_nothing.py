"""Keeps every layer input, as vjp does, whatever k is.

fails: b1.memory
diagnosis: method
"""

def checkpointed_vjp(layers, x, u, k):
    return vjp(layers, x, u)


def best_interval(L):
    return min(range(1, L + 1), key=lambda k: -(-L // k) + k)
