"""Pictures of A3: the multiply-adds that the student's two functions really take, seen by the meter."""

import numpy as np

from autograder.authoring import Bars, Pair, no_picture, picture
from autograder.meter import Meter
from reference_impl import complexity

DIMS = (3, 4, 5, 2)
JACOBIANS = (np.ones((4, 3)), np.ones((5, 4)), np.ones((2, 5)))  # of the notebook's check `count`


def _observed(student, name):
    meter = Meter(observe=True)
    got = meter.value(getattr(student, name)([meter.array(J) for J in JACOBIANS]))
    if np.shape(got) != (2, 3):
        no_picture(f"{name} did not return the product of the Jacobians, of shape (2, 3)")
    return meter.multiply_adds


@picture("q1", title="Multiply-adds that were really done")
def multiply_adds(student):
    """Widths (3, 4, 5, 2), as in the notebook: what your functions did, counted while they did it, against the formula
    of their order."""
    bars = (
        Pair.of("accumulate_forward", _observed(student, "accumulate_forward"), complexity.forward_macs(DIMS)),
        Pair.of("accumulate_reverse", _observed(student, "accumulate_reverse"), complexity.reverse_macs(DIMS)),
    )
    return Bars(bars=bars, unit="multiply-adds")
