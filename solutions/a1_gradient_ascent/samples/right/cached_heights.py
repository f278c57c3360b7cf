"""Heights are remembered with lru_cache over tuples, pairs come from itertools, and t counts from b."""

from functools import lru_cache
from itertools import permutations, product

import numpy as np


def convexity_witness(f, points, ts=(0.25, 0.5, 0.75), tol=1e-9):
    @lru_cache(maxsize=None)
    def height(place):
        return f(np.array(place))

    rows = [tuple(map(float, p)) for p in points]
    for (a, b), t in product(permutations(rows, 2), ts):
        between = tuple(t * p + (1 - t) * q for p, q in zip(a, b))
        if height(between) - t * height(a) - (1 - t) * height(b) > tol:
            return [list(a), list(b), t]
