"""Looks at one coin only.

fails: q1.c2
diagnosis: concept
"""

answers = {"c1": "b", "c2": 0.5}
