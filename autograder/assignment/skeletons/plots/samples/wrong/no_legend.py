"""Names the lines, and shows no legend.

fails: q1.words
"""

import matplotlib.pyplot as plt


def draw_losses(train, test):
    epochs = range(1, 1 + len(train))
    _, ax = plt.subplots()
    ax.semilogy(epochs, train, label="train")
    ax.semilogy(epochs, test, label="test")
    ax.set(xlabel="epoch", ylabel="loss")
    return ax
