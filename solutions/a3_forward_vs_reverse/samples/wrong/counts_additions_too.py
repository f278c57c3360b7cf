"""Counts multiplications and additions apart, 2 p q r.

fails: q2.forward_counts q2.reverse_counts q2.example
diagnosis: scale
"""

def forward_macs(dims):
    return 2 * dims[0] * sum(dims[i] * dims[i - 1] for i in range(2, len(dims)))


def reverse_macs(dims):
    return 2 * dims[-1] * sum(dims[i] * dims[i - 1] for i in range(1, len(dims) - 1))
