"""Takes a day without a count for a day without bikes.

fails: q1.missing
"""

import pandas as pd


def weekday_means(bikes):
    days = pd.to_datetime(bikes["date"]).dt.day_name().str.slice(0, 3)
    means = bikes["bikes"].fillna(0).groupby(days).mean()
    present = [day for day in WEEK if day in means.index]
    return pd.DataFrame({"weekday": present, "bikes": means[present].to_numpy()})
