"""Always splits in the middle.

fails: q8.cost q8.tree
diagnosis: search
"""

def optimal_bracketing(dims):
    def halve(i, j):
        if i == j:
            return 0, i
        s = (i + j) // 2
        (a, high), (b, low) = halve(s + 1, j), halve(i, s)
        return a + b + dims[j + 1] * dims[s + 1] * dims[i], (high, low)

    return halve(0, len(dims) - 2)
