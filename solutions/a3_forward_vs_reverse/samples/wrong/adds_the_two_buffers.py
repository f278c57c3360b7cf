"""Takes the two buffers of a forward pass for the memory of the way back.

fails: q9.c3
diagnosis: concept
"""

answers = {"c1": "a", "c2": 3, "c3": 100}
