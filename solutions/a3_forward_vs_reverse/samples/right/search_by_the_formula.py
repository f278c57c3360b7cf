"""Searches longer chains first, and beats reverse with plain forward order."""

from itertools import product


def reverse_loses():
    return [1, 1000, 1, 1]


def search_counterexample(widths, max_layers):
    for length in range(max_layers, 0, -1):
        for head in product(sorted(widths), repeat=length):
            dims = list(head) + [1]
            if optimal_bracketing(dims)[0] < reverse_macs(dims):
                return dims
