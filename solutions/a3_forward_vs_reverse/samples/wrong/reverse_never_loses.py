"""Searches nothing and answers None, as the book says.

fails: b2.search
diagnosis: search
"""

def reverse_loses():
    return (1, 2, 1, 1)


def search_counterexample(widths, max_layers):
    losing = []
    return losing[0] if losing else None
