"""Brute force: every bracketing, cost first, as nested lists."""

def trees(i, j):
    if i == j:
        return [(0, i)]
    found = []
    for s in range(i, j):
        for high in trees(s + 1, j):
            for low in trees(i, s):
                found.append((high, low))
    return [pair for pair in found]


def shapes(tree, dims):
    if isinstance(tree[1], int):
        return 0, dims[tree[1] + 1], dims[tree[1]]
    (a, p, q), (b, _, r) = shapes(tree[0], dims), shapes(tree[1], dims)
    return a + b + p * q * r, p, r


def bare(tree):
    return tree[1] if isinstance(tree[1], int) else [bare(tree[0]), bare(tree[1])]


def optimal_bracketing(dims):
    best = min(trees(0, len(dims) - 2), key=lambda tree: shapes(tree, dims)[0])
    return shapes(best, dims)[0], bare(best)
