"""Believes the picture's formula always, thinks zeros still move the second layer, forgets the bias.

fails: q10.c1 q10.c2 q10.c3
diagnosis: concept
"""

answers = {"c1": "c", "c2": "c", "c3": lambda D, H, K, off: off * (D + K)}
