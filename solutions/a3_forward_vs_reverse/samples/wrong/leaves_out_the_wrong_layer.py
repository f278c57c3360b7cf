"""Leaves the last pair out of forward and the first out of reverse.

fails: q2.forward_counts q2.reverse_counts q2.example
diagnosis: off_by_one
"""

def forward_macs(dims):
    return dims[0] * sum(dims[i] * dims[i - 1] for i in range(1, len(dims) - 1))


def reverse_macs(dims):
    return dims[-1] * sum(dims[i] * dims[i - 1] for i in range(2, len(dims)))
