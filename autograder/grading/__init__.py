"""Grading a class: which submissions, in how many processes or on which machines, and into which folder."""
