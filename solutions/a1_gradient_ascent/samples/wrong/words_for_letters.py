"""Writes the answer out in words where a letter is asked for.

fails: q9.c1 q9.c3 q9.format
diagnosis: concept
"""

answers = {"c1": "local maximum", "c2": "c", "c3": "it computes the gradient", "c4": 2.5, "c5": 0.3333}
