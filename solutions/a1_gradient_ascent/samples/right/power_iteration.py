"""The sharpest curvature by power iteration instead of an eigenvalue routine."""

import numpy as np


def max_stable_lr(H):
    v = np.arange(1.0, len(H) + 1.0) + 0.1
    for _ in range(2000):
        v = H @ v
        v = v / np.sqrt(v @ v)
    return float(-2 / (v @ H @ v))




def slope(g, degrees):
    """Along a direction in the plane of g and anything at a right angle to it."""
    turned = np.cos(np.pi * degrees / 180)
    return np.float64(turned * np.linalg.norm(g))


computes = {"central difference", "back-propagation"}
names = {*computes, "gradient descent", "momentum", "Armijo's rule", "convexity witness"}
answers = {
    "c1": lambda up, level, down: ["minimum", "maximum", "saddle"][(down > 0) + (up * down > 0)]
    if up * down or not level
    else "cannot tell",
    "c2": [w**2 / (1 + w**2) for w in range(5)],
    "c3": {
        name: "neither"
        if name == "convexity witness"
        else " computes a gradient"
        if name in computes
        else "Uses a gradient"
        for name in names
    },
    "c4": slope,
    "c5": lambda a: (0.5 / a, a**-1),
}
