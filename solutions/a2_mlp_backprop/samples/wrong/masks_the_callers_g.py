"""Sets entries of the g it was given to zero.

fails: q6.pure
diagnosis: mutated
"""


def relu_vjp(z, g):
    g[z <= 0] = 0
    return g
