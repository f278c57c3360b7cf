"""Returns the lengths as the way back finds them.

fails: b3.norms b3.example
diagnosis: order
"""

import numpy as np


def error_norms(Ws, x, u, slope):
    a, gates = x, []
    for W in Ws:
        z = W @ a
        gates.append(np.where(z > 0, 1.0, slope))
        a = gates[-1] * z
    norms, message = [], u
    for W, gate in zip(Ws[::-1], gates[::-1], strict=True):
        error = gate * message
        norms.append(float(np.linalg.norm(error)))
        message = W.T @ error
    return norms
