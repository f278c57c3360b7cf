"""States the optimal cost and returns the tree of reverse order.

fails: q8.tree q8.optimal q8.example
diagnosis: search
"""

def optimal_bracketing(dims):
    def best(i, j):
        if i == j:
            return 0, i
        options = []
        for s in range(i, j):
            (a, high), (b, low) = best(s + 1, j), best(i, s)
            options.append((a + b + dims[j + 1] * dims[s + 1] * dims[i], (high, low)))
        return min(options, key=lambda option: option[0])

    tree = len(dims) - 2
    for i in range(len(dims) - 3, -1, -1):
        tree = (tree, i)
    return best(0, len(dims) - 2)[0], tree
