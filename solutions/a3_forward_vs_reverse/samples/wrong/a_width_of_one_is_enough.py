"""Answers with a chain whenever a width of 1 is allowed.

fails: b2.search
diagnosis: search
"""

def reverse_loses():
    return (1, 2, 1, 1)


def search_counterexample(widths, max_layers):
    if 1 not in widths:
        return None
    return (1, max(widths), 1, 1)
