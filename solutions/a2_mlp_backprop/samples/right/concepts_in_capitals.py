"""Capital letters, and a rule that returns a float."""

answers = {"c1": "D", "c2": " B ", "c3": lambda D, H, K, off: float(off) * (D + K + 1)}
