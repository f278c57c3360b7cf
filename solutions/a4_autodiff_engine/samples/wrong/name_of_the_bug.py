"""A text in place of arguments.

fails: q10.form q10.residual
diagnosis: example
"""

def counterexample(which):
    one = np.ones((1, 1))
    return {
        "A": (one, np.array([0, 0]), np.ones((2, 1))),
        "B": "the road around the block is missing",
        "C": (np.array([1.0, 2.0]), np.array([1.0, 0.0])),
        "D": (np.zeros(1), 0.0, np.ones(1)),
        "E": None,
    }[which]
