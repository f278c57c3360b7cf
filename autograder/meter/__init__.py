"""Arrays that stay in the grader, and a count of the operations on them."""

from autograder.meter.arguments import MAX_SIZE
from autograder.meter.meter import Meter, computing_with

__all__ = ["MAX_SIZE", "Meter", "computing_with"]
