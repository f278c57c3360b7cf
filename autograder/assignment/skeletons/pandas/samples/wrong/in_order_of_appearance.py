"""Leaves the places in the order in which they appear.

fails: q1.value
"""


def mean_heights(plants):
    measured = plants.dropna(subset=["height"])
    groups = measured.groupby("place", as_index=False, sort=False)
    return groups.agg(measured=("height", "size"), height=("height", "mean"))
