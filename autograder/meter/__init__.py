"""Arrays that stay with the grader, and the count of what was done with them."""

from autograder.meter.meter import MAX_SIZE, Meter, computing_with

__all__ = ["MAX_SIZE", "Meter", "computing_with"]
