"""The mean of the copies.

fails: q6.example q6.leading q6.ones q6.scalar
diagnosis: example
"""

def unbroadcast(g, shape):
    """The sum of the copies that stretching `shape` to g's shape made."""
    g = np.asarray(g)
    g = g.mean(axis=tuple(range(g.ndim - len(shape))))
    return g.mean(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
