"""Counts seeded passes: sums over all L layers instead of L − 1 products.

fails: q2.forward_counts q2.reverse_counts q2.example
diagnosis: off_by_one
"""

def forward_macs(dims):
    return dims[0] * sum(a * b for a, b in zip(dims, dims[1:]))


def reverse_macs(dims):
    return dims[-1] * sum(a * b for a, b in zip(dims, dims[1:]))
