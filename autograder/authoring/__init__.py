"""Stage 1: what an author writes, and the vocabulary for writing it."""

from autograder.authoring.assertions import (
    CheckFailed,
    assert_array,
    assert_integer,
    assert_number,
    assert_unchanged,
    fail,
)
from autograder.authoring.checks import Callback, Formula, check

__all__ = [
    "Callback",
    "CheckFailed",
    "Formula",
    "assert_array",
    "assert_integer",
    "assert_number",
    "assert_unchanged",
    "check",
    "fail",
]
