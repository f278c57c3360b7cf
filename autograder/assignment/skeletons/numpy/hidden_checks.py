"""Hidden checks of NAME: plain functions over `student`, `reference` and `rng`.

`pytest solutions/NAME` runs them on your own solution. `autograder audit NAME` runs them on every sample.
"""

from autograder.authoring import assert_number, assert_unchanged, check


@check("q1", points=7, device=True)  # it can run on a GPU, too: docs/device.md
def test_value(student, reference, rng):
    """Right for any vector"""
    for size in (7, 2, 1):
        x = rng.normal(size=size)
        assert_number(student.mean_square(x), reference.mean_square(x))


@check("q1", points=1)  # one point: only the student's own process knows what became of its input
def test_pure(student, reference, rng):
    """Leaves its input as it was"""
    x = rng.normal(size=4)
    kept = student.keep(x)
    assert_number(student.mean_square(kept), reference.mean_square(x))  # a wrong answer is worth nothing
    assert_unchanged(student.fetch(kept), x, name="x")
