"""Has no case for one layer: the recursion does not end.

fails: q2.forward_counts q2.reverse_counts q2.example
diagnosis: raised
"""


def forward_macs(dims):
    return dims[0] * dims[-1] * dims[-2] + forward_macs(dims[:-1] if len(dims) > 3 else dims)


def reverse_macs(dims):
    return forward_macs(dims[::-1])
