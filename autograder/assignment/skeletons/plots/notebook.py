# %% [markdown]
# # NAME
#
# This notebook has one function that draws. The checks compare what it draws, not how.

# %% role="setup"
import matplotlib.pyplot as plt
import numpy as np

# %% [markdown] q="q1"
# ## Question 1: two curves (10 points)
#
# Write `draw_losses(train, test)` for two lists of losses of one length. It draws two lines over the epochs 1, 2, 3, …,
# with the labels "train" and "test", a legend, a label at each axis ("epoch" and "loss"), and a logarithmic y axis. It
# returns the axes.


# %% q="q1" role="solution"
def draw_losses(train, test):
    """The axes with both curves."""
    # BEGIN SOLUTION
    epochs = np.arange(len(train)) + 1
    _, ax = plt.subplots()
    ax.plot(epochs, train, label="train")
    ax.plot(epochs, test, label="test")
    ax.set_yscale("log")
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax.legend()
    return ax
    # END SOLUTION


# %% role="figure"
draw_losses([1.0, 0.5, 0.3, 0.2], [1.1, 0.7, 0.6, 0.55])
