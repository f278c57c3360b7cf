"""Axes of length 1 are passed over.

fails: q6.example q6.ones
diagnosis: example
"""

def unbroadcast(g, shape):
    """The sum of the copies that stretching `shape` to g's shape made."""
    g = np.asarray(g)
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g
