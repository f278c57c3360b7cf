"""Draws a line from day to day.

fails: q2.bars
"""

import matplotlib.pyplot as plt


def draw_means(means):
    _, ax = plt.subplots()
    ax.plot(means["weekday"], means["bikes"], "o-")
    ax.set(xlabel="weekday", ylabel="bikes")
    return ax
