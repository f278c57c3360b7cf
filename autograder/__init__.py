"""The autograder: author → release → intake → sandbox → grading → reports, one package a stage."""

__version__ = "0.1.0"
