"""Returns the tree as a formula in words.

fails: q8.tree q8.optimal q8.example
diagnosis: type
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

    cost, tree = best(0, len(dims) - 2)
    return cost, "J" + str(tree)
