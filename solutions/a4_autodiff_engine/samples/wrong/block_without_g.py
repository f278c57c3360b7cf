"""The block is asked with g = 0.

fails: q10.residual
diagnosis: search
"""

def counterexample(which):
    one = np.ones((1, 1))
    return {
        "A": (one, np.array([0, 0]), np.ones((2, 1))),
        "B": (one, one, 0 * one),
        "C": (np.array([1.0, 2.0]), np.array([1.0, 0.0])),
        "D": (np.zeros(1), 0.0, np.ones(1)),
        "E": None,
    }[which]
