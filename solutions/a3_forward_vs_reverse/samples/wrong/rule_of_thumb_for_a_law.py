"""Believes the rule of thumb, counts a pass for each output, and keeps the output too.

fails: q9.c1 q9.c2 q9.c3
diagnosis: concept
"""

answers = {"c1": "c", "c2": 1000, "c3": 125}
