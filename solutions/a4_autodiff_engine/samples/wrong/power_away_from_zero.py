"""The power is asked at 2 only.

fails: q10.power
diagnosis: search
"""

def counterexample(which):
    one = np.ones((1, 1))
    return {
        "A": (one, np.array([0, 0]), np.ones((2, 1))),
        "B": (one, one, one),
        "C": (np.array([1.0, 2.0]), np.array([1.0, 0.0])),
        "D": (2 * np.ones(1), 3.0, np.ones(1)),
        "E": None,
    }[which]
