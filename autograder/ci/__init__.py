"""Scoring in a CI: workflows for the grading repository, and how feedback reaches the students."""
