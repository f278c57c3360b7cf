"""Hidden checks of NAME: plain functions over `student`, `reference` and `rng`.

`pytest solutions/NAME` runs them on your own solution. `autograder audit NAME` runs them on every sample.
"""

import numpy as np
import pandas as pd

from autograder.authoring import assert_frame, assert_unchanged, check


def some_plants(rng, rows):
    """A table like that of plants.csv, with a height for each plant, and places in no alphabetical order."""
    places = np.resize(["window", "sun", "shade", "door"], rows)
    heights, notes = rng.normal(50, 10, size=rows), np.resize([None, "dry"], rows)
    return pd.DataFrame({"plant": np.arange(rows), "place": places, "height": heights, "note": notes})


@check("q1", points=4)
def test_value(student, reference, rng):
    """Right if every plant has a height"""
    for rows in (30, 7, 1):
        plants = some_plants(rng, rows)
        assert_frame(student.mean_heights(plants), reference.mean_heights(plants), index=False)


@check("q1", points=3)
def test_missing(student, reference, rng):
    """Right if some plants have no height, and a whole place has none"""
    plants = some_plants(rng, 30)
    plants.loc[::3, "height"] = np.nan
    plants.loc[plants["place"] == "sun", "height"] = np.nan
    assert_frame(student.mean_heights(plants), reference.mean_heights(plants), index=False)


@check("q1", points=1)  # one point: only the student's own process knows what became of its input
def test_pure(student, reference, rng):
    """Leaves its table as it was"""
    plants = some_plants(rng, 8)
    plants.loc[2, "height"] = np.nan
    kept = student.keep(plants)
    assert_frame(
        student.mean_heights(kept), reference.mean_heights(plants), index=False
    )  # a wrong answer earns nothing
    assert_unchanged(student.fetch(kept), plants, name="plants")
