"""Sums axis 0 only.

fails: q6.example q6.ones q6.leading
diagnosis: example
"""

def unbroadcast(g, shape):
    g = np.asarray(g)
    return g if g.shape == tuple(shape) else g.sum(axis=0)
