"""What was right for the letters of another year: the same answer, whatever is asked.

fails: q10.c1 q10.c2 q10.c3
diagnosis: concept
"""

answers = {"c1": lambda a, y: 0.125, "c2": lambda zero: {"b2"}, "c3": lambda D, H, K, off: 8}
