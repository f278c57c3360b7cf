"""A capital letter, and a rounded number."""

answers = {"c1": " B", "c2": 0.745}
