"""Counts the entries of the products, p r, instead of p q r.

fails: q2.forward_counts q2.reverse_counts q2.example
diagnosis: count
"""

def forward_macs(dims):
    return sum(dims[0] * n for n in dims[2:])


def reverse_macs(dims):
    return sum(dims[-1] * n for n in dims[:-2])
