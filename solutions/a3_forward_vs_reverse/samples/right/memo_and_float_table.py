"""Memoised recursion whose table holds floats; the tree is a list."""

from functools import lru_cache


def optimal_bracketing(dims):
    dims = tuple(dims)

    @lru_cache(maxsize=None)
    def best(i, j):
        if i == j:
            return 0.0, i
        cost, split = min(
            (best(s + 1, j)[0] + best(i, s)[0] + float(dims[i] * dims[s + 1] * dims[j + 1]), s) for s in range(i, j)
        )
        return cost, [best(split + 1, j)[1], best(i, split)[1]]

    cost, tree = best(0, len(dims) - 2)
    return [cost, tree]
