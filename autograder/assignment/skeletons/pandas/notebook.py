# %% [markdown]
# # NAME
#
# `plants.csv` lies beside this notebook. It has a line for each plant: its number, its place, its height in cm, and a
# note. Some plants were not measured, and most have no note.

# %% role="setup"
import pandas as pd

plants = pd.read_csv("plants.csv")

# %% [markdown] q="q1"
# ## Question 1: mean heights (10 points)
#
# Write `mean_heights(plants)`. It returns a table with a row for each place, in the order of the alphabet, and the
# columns `place`, `measured` (how many plants have a height) and `height` (their mean). Plants without a height do not
# count; a place where no plant has a height has no row. `plants` stays as it was.


# %% q="q1" role="solution"
def mean_heights(plants):
    """A row for each place: place, measured, height."""
    # BEGIN SOLUTION
    measured = plants.dropna(subset=["height"])
    return measured.groupby("place", as_index=False).agg(measured=("height", "size"), height=("height", "mean"))
    # END SOLUTION


# %% q="q1" role="check" points=2
def test_example(mean_heights, plants):
    """The table of plants.csv"""
    table = mean_heights(plants)
    assert list(table["place"]) == ["shade", "sun", "window"], "a row for each place, in the order of the alphabet"
    assert list(table["height"]) == [30, 60, 45], "in the sun: (62 + 58) / 2"
