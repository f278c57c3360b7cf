"""Hidden checks of NAME: plain functions over `student`, `reference` and `rng`.

`pytest solutions/NAME` runs them on your own solution. `autograder audit NAME` runs them on every sample.
"""

from autograder.authoring import assert_number, assert_unchanged, check


@check("q1", points=6, device=True)  # it can run on a GPU, too: docs/device.md
def test_value(student, reference, rng):
    """Right for any vector"""
    for size in (1, 2, 7):
        x = rng.normal(size=size)
        assert_number(student.mean_square(x), reference.mean_square(x))


@check("q1", points=2)
def test_pure(student, rng):
    """Leaves its input as it was"""
    x = rng.normal(size=4)
    kept = student.keep(x)
    student.mean_square(kept)
    assert_unchanged(student.fetch(kept), x, name="x")
