"""Searches nothing and answers None, as the book says.

fails: b2.search
diagnosis: value
"""

def reverse_loses():
    return (1, 2, 1, 1)


def search_counterexample(widths, max_layers):
    return None
