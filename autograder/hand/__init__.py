"""Grading answers in words by hand: sheets for a person, and what the person gave."""
