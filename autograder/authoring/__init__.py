"""What an author writes, and the vocabulary for writing it."""

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
from autograder.authoring.checks import check
from autograder.authoring.drawings import Bars, Curves, Ground, HeatMap, Network, Pair, Paths
from autograder.authoring.pictures import NoPicture, no_picture, numbers, picture
from autograder.sandbox.worker.sharing import Callback, Formula

__all__ = [
    "Bars",
    "Callback",
    "CheckFailed",
    "Curves",
    "Formula",
    "Ground",
    "HeatMap",
    "Network",
    "NoPicture",
    "Pair",
    "Paths",
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
    "no_picture",
    "numbers",
    "picture",
]
