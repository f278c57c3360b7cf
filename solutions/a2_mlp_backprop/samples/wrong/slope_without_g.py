"""Returns the derivative of relu and forgets to multiply.

fails: q6.relu_vjp q6.example q7.reference
diagnosis: chain
"""


def relu_vjp(z, g):
    return (z > 0).astype(g.dtype)
