# %% [markdown]
# # NAME
#
# This notebook has one function, one public example and two hidden properties. Replace them with your own.

# %% role="setup"
import numpy as np

# %% [markdown] q="q1"
# ## Question 1: the mean of the squares (10 points)
#
# Write `mean_square(x)` for `x` of shape `(n,)`, `n >= 1`. It returns a float and leaves `x` as it was.


# %% q="q1" role="solution"
def mean_square(x):
    """The mean of the squares of the entries of x (n,)."""
    # BEGIN SOLUTION
    return np.mean(np.square(x))
    # END SOLUTION


# %% q="q1" role="check" points=2
def test_example(mean_square):
    """(3, 4) gives 12.5"""
    assert abs(mean_square(np.array([3.0, 4.0])) - 12.5) < 1e-9, "9 and 16 have the mean 12.5"


# %% [markdown] q="explain"
# ## In your own words (5 points, graded by hand, beyond the 10)
#
# Why is the mean of the squares never smaller than the square of the mean? Two or three sentences.

# %% [markdown] q="explain" role="manual" points=5
# **A good answer.** Their difference is the mean of the squared distances from the mean, and squares are not negative.
