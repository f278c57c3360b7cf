"""A table whose rows are looked up once each.

fails: q10.embedding
diagnosis: search
"""

def counterexample(which):
    one = np.ones((1, 1))
    return {
        "A": (one, np.array([0]), np.ones((1, 1))),
        "B": (one, one, one),
        "C": (np.array([1.0, 2.0]), np.array([1.0, 0.0])),
        "D": (np.zeros(1), 0.0, np.ones(1)),
        "E": None,
    }[which]
