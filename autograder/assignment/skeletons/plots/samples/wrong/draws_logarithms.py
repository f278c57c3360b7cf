"""Draws the logarithms, in the place of a logarithmic axis.

fails: q1.curves q1.words q1.scale
"""

import matplotlib.pyplot as plt
import numpy as np


def draw_losses(train, test):
    epochs = range(1, 1 + len(train))
    _, ax = plt.subplots()
    ax.plot(epochs, np.log(train), label="train")
    ax.plot(epochs, np.log(test), label="test")
    ax.set(xlabel="epoch", ylabel="log of the loss")
    ax.legend()
    return ax
