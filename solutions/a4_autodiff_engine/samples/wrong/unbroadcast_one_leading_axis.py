"""One leading axis at most.

fails: q6.leading q6.scalar
"""

def unbroadcast(g, shape):
    """The sum of the copies that stretching `shape` to g's shape made."""
    g = np.asarray(g)
    g = g.sum(axis=tuple(range(min(1, g.ndim - len(shape)))))
    return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
