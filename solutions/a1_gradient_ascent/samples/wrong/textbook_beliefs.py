"""Believes the book: a place from which all ways lead down is a plateau, one minimum means convex, backprop optimises.

fails: q9.c1 q9.c2 q9.c3
diagnosis: concept
"""

answers = {"c1": "a", "c2": "a", "c3": "a", "c4": 2.5, "c5": 0.3333}
