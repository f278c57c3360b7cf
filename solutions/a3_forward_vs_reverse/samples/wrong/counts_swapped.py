"""Exchanges the two counts.

fails: q2.forward_counts q2.reverse_counts q2.example
diagnosis: order
"""

def reverse_macs(dims):
    return dims[0] * sum(dims[i] * dims[i - 1] for i in range(2, len(dims)))


def forward_macs(dims):
    return dims[-1] * sum(dims[i] * dims[i - 1] for i in range(1, len(dims) - 1))
