"""Compares seeded passes, n0 against nL, instead of products of Jacobians.

fails: q6.uneven
diagnosis: criterion
"""

def cheaper_mode(dims):
    one_pass = sum(a * b for a, b in zip(dims, dims[1:]))
    forward, reverse = dims[0] * one_pass, dims[-1] * one_pass
    return "tie" if forward == reverse else "forward" if forward < reverse else "reverse"
