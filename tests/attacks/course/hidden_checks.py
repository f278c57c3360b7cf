"""What the payloads are after."""

import numpy as np

from autograder.authoring import assert_array, assert_number, check


@check("q1", points=8)
def test_value(student, reference, rng):
    """Right for any vector"""
    assert_number(student.mean_square(np.array([1.5, -2.5, 2.03125])), np.mean(np.square([1.5, -2.5, 2.03125])))
    for size in (1, 2, 7):
        x = rng.normal(size=size)
        assert_number(student.mean_square(x), reference.mean_square(x))


@check("q2", points=3)
def test_q2_value(student, rng):
    """Twice of anything"""
    x = rng.normal(size=4)
    assert_array(student.double(x), 2 * x)
