"""Takes the widths of the classifier, counts a pass for each output, and keeps the output too.

fails: q9.c1 q9.c2 q9.c3
diagnosis: concept
"""

answers = {"c1": (784, 128, 10, 1), "c2": lambda n_in, n_out: ("reverse", n_out), "c3": lambda dims: sum(dims)}
