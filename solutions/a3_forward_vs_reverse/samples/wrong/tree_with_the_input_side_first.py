"""Writes the tree in the order of the list, input side first.

fails: q8.tree q8.optimal q8.example
diagnosis: order
"""

def optimal_bracketing(dims):
    def best(i, j):
        if i == j:
            return 0, i
        options = []
        for s in range(i, j):
            (a, high), (b, low) = best(s + 1, j), best(i, s)
            options.append((a + b + dims[j + 1] * dims[s + 1] * dims[i], (low, high)))
        return min(options, key=lambda option: option[0])

    return best(0, len(dims) - 2)
