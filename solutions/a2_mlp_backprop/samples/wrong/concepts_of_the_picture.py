"""Believes the picture's formula always, thinks zeros still move the second layer, forgets the bias.

fails: q10.c1 q10.c2 q10.c3
diagnosis: concept
"""

answers = {
    "c1": lambda a, y: a - y,
    "c2": lambda zero: {"W2", "b2"} if "W1" in zero else {"W1", "b1", "W2", "b2"},
    "c3": lambda D, H, K, off: off * (D + K),
}
