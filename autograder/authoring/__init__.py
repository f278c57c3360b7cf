"""Stage 1: what an author writes, and the vocabulary for writing it."""

from autograder.authoring.assertions import (
    CheckFailed,
    Suspect,
    assert_array,
    assert_gradients,
    assert_integer,
    assert_number,
    assert_unchanged,
    blocked,
    describe,
    fail,
)
from autograder.authoring.checks import Callback, Formula, check

__all__ = [
    "Callback",
    "CheckFailed",
    "Formula",
    "Suspect",
    "assert_array",
    "assert_gradients",
    "assert_integer",
    "assert_number",
    "assert_unchanged",
    "blocked",
    "check",
    "describe",
    "fail",
]
