"""Writes the mask of the relu into the caller's z.

fails: q6.pure
diagnosis: mutated
"""


def relu_vjp(z, g):
    z[z > 0] = 1
    z[z <= 0] = 0
    return z * g
