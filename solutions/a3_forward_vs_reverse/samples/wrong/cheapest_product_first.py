"""Greedy: always does the cheapest product that is left.

fails: q8.cost q8.tree
diagnosis: search
"""

def optimal_bracketing(dims):
    widths, trees, cost = list(dims), list(range(len(dims) - 1)), 0
    while len(trees) > 1:
        costs = [widths[i] * widths[i + 1] * widths[i + 2] for i in range(len(trees) - 1)]
        i = costs.index(min(costs))
        cost += costs[i]
        trees[i : i + 2] = [(trees[i + 1], trees[i])]
        del widths[i + 1]
    return cost, trees[0]
