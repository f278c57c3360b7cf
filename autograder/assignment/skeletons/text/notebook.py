# %% [markdown]
# # NAME
#
# Two short answers, and a few sentences of your own.

# %% [markdown] q="q1"
# ## Question 1: concepts (10 points)
#
# Two answers, 5 points each: a letter for c1, a number for c2.
#
# **c1.** On days on which a town sells more ice cream, more people have sunburn. Most likely
#
# * a) ice cream causes sunburn;
# * b) a third thing causes both;
# * c) it is chance.
#
# **c2.** Two fair coins are thrown. How likely is at least one head?

# %% q="q1" role="solution"
answers = {}  # "c1" a letter, "c2" a number
# BEGIN SOLUTION
answers = {"c1": "b", "c2": 3 / 4}
# END SOLUTION


# %% q="q1" role="check" points=0
def test_format(answers):
    """A letter for c1, a number for c2 (their values are graded later)"""
    assert str(answers.get("c1", "")).strip().lower() in {"a", "b", "c"}, "c1: one of the letters a, b, c"
    assert isinstance(answers.get("c2"), (int, float)), "c2: a number"


# %% [markdown] q="explain"
# ## In your own words (5 points, graded by hand, beyond the 10)
#
# How would you find out what causes sunburn? Two or three sentences.

# %% [markdown] q="explain" role="manual" points=5
# **A good answer.** Sales and sunburn both follow the weather. To decide, compare days with the same weather, or let
# chance decide who gets ice cream.
