# %% [markdown]
# # Bikes on a bridge
#
# `bikes.csv` has a line for each day of three weeks: the date, and how many bikes crossed a bridge. On some days the
# counter was broken. (The numbers are made up.)

# %% role="setup"
import matplotlib.pyplot as plt
import pandas as pd

bikes = pd.read_csv("bikes.csv")
WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

# %% [markdown] q="q1"
# ## Question 1: the days of the week (6 points)
#
# Write `weekday_means(bikes)`. It returns a table with a row for each day of the week, in the order of `WEEK`, and the
# columns `weekday` (as in `WEEK`) and `bikes`: the mean of the days with a count. A day of the week without any count
# has no row.


# %% q="q1" role="solution"
def weekday_means(bikes):
    """A row for each day of the week: weekday, bikes."""
    # BEGIN SOLUTION
    counted = bikes.dropna(subset=["bikes"])
    days = pd.to_datetime(counted["date"]).dt.day_name().str.slice(0, 3)
    means = counted["bikes"].groupby(days).mean()
    present = [day for day in WEEK if day in means.index]
    return pd.DataFrame({"weekday": present, "bikes": means[present].to_numpy()})
    # END SOLUTION


# %% q="q1" role="check" points=1
def test_example(weekday_means, bikes):
    """Seven days, and fewer bikes at the weekend"""
    means = weekday_means(bikes)
    assert list(means["weekday"]) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], "a row for each day, in order"
    assert means["bikes"].iloc[5:].max() < means["bikes"].iloc[:5].min(), "fewer bikes on Saturday and Sunday"


# %% [markdown] q="q2"
# ## Question 2: a picture (4 points)
#
# Write `draw_means(means)` for a table as in question 1. It draws a bar for each row, with the day at the bar, and a
# label at each axis: "weekday" and "bikes". It returns the axes.


# %% q="q2" role="solution"
def draw_means(means):
    """The axes with a bar for each day."""
    # BEGIN SOLUTION
    _, ax = plt.subplots()
    ax.bar(means["weekday"], means["bikes"])
    ax.set_xlabel("weekday")
    ax.set_ylabel("bikes a day")
    return ax
    # END SOLUTION


# %% role="figure"
draw_means(weekday_means(bikes))
