"""Leaves the axes without labels.

fails: q2.words
"""

import matplotlib.pyplot as plt


def draw_means(means):
    _, ax = plt.subplots()
    ax.bar(means["weekday"], means["bikes"])
    return ax
