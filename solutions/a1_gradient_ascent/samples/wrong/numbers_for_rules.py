"""Calls the functions and stores what they return for one case, and counts two dips as one.

fails: q9.c4 q9.c5 q9.c1 q9.c2 q9.format
diagnosis: type
"""

import numpy as np

answers = {
    "c1": "maximum",
    "c2": [0, 2, 1, 2, 3],
    "c3": {
        "central difference": "computes a gradient",
        "back-propagation": "computes a gradient",
        "gradient descent": "uses a gradient",
        "momentum": "uses a gradient",
        "Armijo's rule": "uses a gradient",
        "convexity witness": "neither",
    },
    "c4": 5 * np.cos(np.pi / 3),
    "c5": (1 / 6, 1 / 3),
}
