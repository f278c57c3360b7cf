"""A table of 12 numbers, and more.

fails: q10.form q10.embedding
diagnosis: example
"""

def counterexample(which):
    one = np.ones((1, 1))
    return {
        "A": (np.ones((3, 4)), np.array([0, 0]), np.ones((2, 4))),
        "B": (one, one, one),
        "C": (np.array([1.0, 2.0]), np.array([1.0, 0.0])),
        "D": (np.zeros(1), 0.0, np.ones(1)),
        "E": None,
    }[which]
