# %% role="setup"
import numpy as np


# %% q="q1" role="solution"
def mean_square(x):
    # BEGIN SOLUTION
    return float(np.mean(np.square(x)))
    # END SOLUTION


# %% q="q1" role="check" points=2
def test_example(mean_square):
    """(3, 4) gives 12.5"""
    assert abs(mean_square(np.array([3.0, 4.0])) - 12.5) < 1e-9, "9 and 16 have the mean 12.5"


# %% q="q2" role="solution"
def double(x):
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION


# %% q="q2" role="check" points=2
def test_three(double):
    """Twice 3 is 6"""
    assert double(np.array([3.0]))[0] == 6, "2 times 3"
