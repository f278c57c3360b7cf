"""Leaves the y axis as it is.

fails: q1.scale
"""

import matplotlib.pyplot as plt


def draw_losses(train, test):
    epochs = range(1, 1 + len(train))
    _, ax = plt.subplots()
    ax.plot(epochs, train, label="train")
    ax.plot(epochs, test, label="test")
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    return ax
