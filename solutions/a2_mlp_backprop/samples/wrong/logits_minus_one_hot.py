"""Takes the logits for the output of the network.

fails: q5.value q5.example
diagnosis: chain
"""

import numpy as np


def cross_entropy_grad(logits, y):
    return (logits - np.eye(logits.shape[1])[y]) / len(y)
