"""Counts the plants without a height, too.

fails: q1.missing
"""


def mean_heights(plants):
    return plants.groupby("place", as_index=False).agg(measured=("height", "size"), height=("height", "mean"))
