"""Believes the book: a place from which all ways lead down may be a plateau, one minimum means convex, backprop optimises.

fails: q9.c1 q9.c2 q9.c3
diagnosis: concept
"""


def what_she_knows(up, level, down):
    if up and down:
        return "saddle"
    return "minimum" if up and not level else "cannot tell"


optimisers = dict.fromkeys(["back-propagation", "gradient descent", "momentum"], "uses a gradient")
others = {
    "central difference": "computes a gradient",
    "Armijo's rule": "uses a gradient",
    "convexity witness": "neither",
}
answers = {
    "c1": what_she_knows,
    "c2": [4, 1, 0, 1, 4],
    "c3": optimisers | others,
    "c4": lambda g, degrees: np.sqrt(np.sum(g**2)) * np.cos(degrees * np.pi / 180),
    "c5": lambda a: (1 / (2 * a), 1 / a),
}
