"""Leaves the days in the order of the alphabet: Fri, Mon, Sat, …

fails: q1.value
"""

import pandas as pd


def weekday_means(bikes):
    counted = bikes.dropna(subset=["bikes"])
    days = pd.to_datetime(counted["date"]).dt.day_name().str.slice(0, 3)
    return counted["bikes"].groupby(days).mean().rename_axis("weekday").reset_index()
