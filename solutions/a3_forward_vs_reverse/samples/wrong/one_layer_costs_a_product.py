"""Charges one layer for a product that is never made.

fails: q2.forward_counts q2.reverse_counts
diagnosis: edge
"""

def forward_macs(dims):
    if len(dims) == 2:
        return dims[0] * dims[1]
    return dims[0] * sum(dims[i] * dims[i - 1] for i in range(2, len(dims)))


def reverse_macs(dims):
    if len(dims) == 2:
        return dims[0] * dims[1]
    return dims[-1] * sum(dims[i] * dims[i - 1] for i in range(1, len(dims) - 1))
