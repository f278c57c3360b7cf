"""With pyplot, and with both lines in one call."""

import matplotlib.pyplot as plt


def draw_losses(train, test):
    epochs = range(1, 1 + len(train))
    plt.figure()
    lines = plt.semilogy(epochs, train, "r--", epochs, test, "b-")
    plt.legend(lines, ["train", "test"])
    plt.xlabel("Epoch")
    plt.ylabel("Loss (nats)")
    return plt.gca()
