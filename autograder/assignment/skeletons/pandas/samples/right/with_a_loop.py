"""A loop over the places."""

import pandas as pd


def mean_heights(plants):
    rows = []
    for place in sorted(set(plants["place"])):
        heights = plants["height"][plants["place"] == place].dropna()
        if len(heights):
            rows.append({"place": place, "measured": len(heights), "height": heights.sum() / len(heights)})
    return pd.DataFrame(rows, columns=["place", "measured", "height"])
