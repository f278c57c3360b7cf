"""By a loop over the days, and drawn by pandas."""

import pandas as pd


def weekday_means(bikes):
    names = [pd.Timestamp(date).strftime("%a") for date in bikes["date"]]
    rows = []
    for day in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]:
        counts = [count for name, count in zip(names, bikes["bikes"]) if name == day and count == count]
        if counts:
            rows.append((day, sum(counts) / len(counts)))
    return pd.DataFrame(rows, columns=["weekday", "bikes"])


def draw_means(means):
    return means.plot.bar(x="weekday", y="bikes", ylabel="Bikes", xlabel="Weekday", color="darkgreen")
