"""Takes degrees for radians, and the rates from a instead of the second derivative 2a.

fails: q9.c4 q9.c5
diagnosis: concept
"""

import math


def place(up, level, down):
    if up and down:
        return "saddle"
    if level:
        return "cannot tell"
    return "minimum" if up else "maximum"


roles = {
    "central difference": "computes a gradient",
    "back-propagation": "computes a gradient",
    "gradient descent": "uses a gradient",
    "momentum": "uses a gradient",
    "Armijo's rule": "uses a gradient",
    "convexity witness": "neither",
}
answers = {
    "c1": place,
    "c2": (5.0, 1.0, 0.0, 0.9, 1.1),
    "c3": roles,
    "c4": lambda g, degrees: math.hypot(*g) * math.cos(degrees),
    "c5": lambda a: (1 / a, 2 / a),
}
