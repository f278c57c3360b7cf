"""Multiplies by a mask of integers, which turns single precision into double.

fails: q6.single_precision q7.f32
diagnosis: example
"""


def relu_vjp(z, g):
    return (z > 0).astype(int) * g
