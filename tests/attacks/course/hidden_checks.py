"""What the payloads are after."""

import numpy as np

from autograder.authoring import assert_array, assert_number, check


@check("q1", points=8)
def test_value(student, reference, rng):
    """Right for any vector"""
    assert_number(student.mean_square(np.array([1.5, -2.5, 2.03125])), np.mean(np.square([1.5, -2.5, 2.03125])))
    vectors = [rng.normal(size=size) for size in (1, 2, 7, 2)]
    for i in (0, 1, 2, 3, *rng.permutation(4)):  # every input twice, and one length with two inputs
        assert_number(student.mean_square(vectors[i]), reference.mean_square(vectors[i]))


@check("q2", points=3)
def test_q2_value(student, rng):
    """Twice of anything"""
    x = rng.normal(size=4)
    assert_array(student.double(x), 2 * x)
