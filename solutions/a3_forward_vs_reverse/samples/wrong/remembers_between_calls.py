"""Remembers the pieces of the chain before: the dict of a default argument outlives the call.

fails: q8.cost
diagnosis: state
"""

def optimal_bracketing(dims, best={}):
    def piece(i, j):
        if i == j:
            return 0, i
        if (i, j) not in best:
            splits = []
            for s in range(i, j):
                (a, left), (b, right) = piece(s + 1, j), piece(i, s)
                splits.append((a + b + dims[j + 1] * dims[s + 1] * dims[i], (left, right)))
            best[i, j] = min(splits, key=lambda split: split[0])
        return best[i, j]

    return piece(0, len(dims) - 2)
