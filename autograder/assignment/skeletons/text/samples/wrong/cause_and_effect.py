"""Takes a correlation for a cause.

fails: q1.c1
diagnosis: concept
"""

answers = {"c1": "a", "c2": 0.75}
