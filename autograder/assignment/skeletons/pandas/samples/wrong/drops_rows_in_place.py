"""Takes rows out of the caller's table.

fails: q1.pure
diagnosis: mutated
"""


def mean_heights(plants):
    plants.dropna(subset=["height"], inplace=True)
    return plants.groupby("place", as_index=False).agg(measured=("height", "size"), height=("height", "mean"))
