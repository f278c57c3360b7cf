# %% [markdown]
# # NAME
#
# Your answer is a test. It sees functions that others wrote, and says which of them are right.

# %% role="setup"
import numpy as np

# %% [markdown] q="q1"
# ## Question 1: a test for the median (10 points)
#
# The median of a list is the number in the middle once the list is sorted. If the length is even, it is the mean of the
# two numbers in the middle.
#
# Somebody hands you a function `median`, and you do not see how it is written. Write `accepts(median)`. It returns
# `True` if you find nothing wrong, and `False` if `median` is wrong for some list.
#
# * You may call `median` at most 40 times. Give it a list of 1 to 100 numbers between −1000 and 1000.
# * A wrong `median` may raise an exception, so catch it. An exception that leaves `accepts` is no answer.
# * A right `median` may round: 1e-9 is no mistake.
# * Your test gets 10 points if it accepts every right function and finds every wrong one. If it does not accept every
#   right one, the wrong ones that it finds do not count.


# %% q="q1" role="solution"
def accepts(median):
    """Whether `median` gives the median of every list that is tried."""
    # BEGIN SOLUTION
    rng = np.random.default_rng(0)
    try:
        for size in range(1, 12):
            numbers = rng.integers(0, 6, size).tolist()
            if abs(median(numbers) - np.median(numbers)) > 1e-6:
                return False
    except Exception:  # noqa: BLE001 — somebody else's function may raise anything
        return False
    return True
    # END SOLUTION


# %% q="q1" role="check" points=1
def test_example(accepts):
    """Accepts a median by NumPy, and finds that the largest number is none"""
    assert accepts(lambda numbers: float(np.median(numbers))) is True, "np.median is right"
    assert accepts(max) is False, "the largest number is no median"
