"""Larger examples, as lists and whole numbers."""

def counterexample(which):
    if which == "A":
        return [[[1, 2], [3, 4]], [1, 1], [[1, 0], [2, 5]]]
    if which == "B":
        return ([[1.0, -1.0]], [[1.0, 0.5], [-2.0, 1.0]], [[1.0, 2.0]])
    if which == "C":
        return (np.array([1.0, 4.0, 2.0]), np.array([1, 1, 1]))
    if which == "D":
        return ([0.0, 2.0], 0, [1.0, 1.0])
    return None
