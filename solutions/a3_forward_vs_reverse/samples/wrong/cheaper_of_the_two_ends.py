"""Thinks there are two orders only.

fails: q8.cost q8.tree q8.example
diagnosis: search
"""

def optimal_bracketing(dims):
    L = len(dims) - 1
    forward, reverse = 0, L - 1
    for i in range(1, L):
        forward, reverse = (i, forward), (reverse, L - 1 - i)
    if forward_macs(dims) <= reverse_macs(dims):
        return forward_macs(dims), forward
    return reverse_macs(dims), reverse
