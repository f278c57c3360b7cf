"""Thinks a chain with one output must be wide somewhere for reverse to lose.

fails: b2.chain b2.example
diagnosis: search
"""

def reverse_loses():
    return (2, 1000, 2, 1)


def search_counterexample(widths, max_layers):
    heads = [()]
    for _ in range(max_layers):
        heads = [(*head, width) for head in heads for width in widths]
        for head in heads:
            dims = (*head, 1)
            if optimal_bracketing(dims)[0] < reverse_macs(dims):
                return dims
    return None
