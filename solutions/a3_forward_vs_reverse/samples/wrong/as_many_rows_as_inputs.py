"""Makes one pass for each input in reverse mode, too.

fails: q5.rev_value
diagnosis: shape
"""

import numpy as np



def jacobian_forward(layers, x):
    return np.stack([jvp(layers, x, e)[1] for e in np.eye(x.size)], axis=1)


def jacobian_reverse(layers, x):
    return np.stack([vjp(layers, x, e)[1] for e in np.eye(x.size)])
