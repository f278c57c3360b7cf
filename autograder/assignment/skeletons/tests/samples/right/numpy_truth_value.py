"""Returns NumPy's truth value."""

import numpy as np


def accepts(median):
    lists = [[1.0], [9.0, 2.0, 2.0, 1.0, 2.0, 8.0], [3.0, 1.0, 2.0], [10.0, 0.0, 4.0, 1.0], [4.0, 4.0, 9.0, 0.0, 7.0]]
    try:
        return np.allclose([median(each) for each in lists], [np.median(each) for each in lists])
    except Exception:
        return np.bool_(False)
