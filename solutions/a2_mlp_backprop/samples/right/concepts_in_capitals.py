"""Capital letters, and the number as a float."""

answers = {"c1": "D", "c2": " B ", "c3": 8.0}
