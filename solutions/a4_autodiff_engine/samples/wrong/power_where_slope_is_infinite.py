"""The root at 0, whose slope is infinite.

fails: q10.power
diagnosis: search
"""

def counterexample(which):
    one = np.ones((1, 1))
    return {
        "A": (one, np.array([0, 0]), np.ones((2, 1))),
        "B": (one, one, one),
        "C": (np.array([1.0, 2.0]), np.array([1.0, 0.0])),
        "D": (np.zeros(1), 0.5, np.ones(1)),
        "E": None,
    }[which]
