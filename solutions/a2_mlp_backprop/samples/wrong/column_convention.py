"""Works with examples as columns and returns the logits that way.

fails: q2.logits
diagnosis: transpose
"""

import numpy as np


def forward(X, params):
    z1 = params["W1"].T @ X.T + params["b1"][:, None]
    a1 = np.maximum(z1, 0)
    return params["W2"].T @ a1 + params["b2"][:, None], (X, z1.T, a1.T)
