"""Greedy: always removes the largest inner width.

fails: q8.cost q8.tree
diagnosis: search
"""

def optimal_bracketing(dims):
    widths, trees, cost = list(dims), list(range(len(dims) - 1)), 0
    while len(trees) > 1:
        inner = widths[1:-1]
        i = inner.index(max(inner))
        cost += widths[i] * widths[i + 1] * widths[i + 2]
        trees[i : i + 2] = [(trees[i + 1], trees[i])]
        del widths[i + 1]
    return cost, trees[0]
