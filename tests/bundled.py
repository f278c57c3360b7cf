"""The bundled assignments, loaded once, and as parameters of a test that takes long.

Of such a test `make test` tries the first value, `make audit` the rest.
"""

import functools

import pytest

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import load_samples
from autograder.course import bundled_course


@functools.cache
def bundled_suite(name):
    """A bundled assignment. It takes half a second to load, and a dozen files of tests ask for it."""
    return load_assignment(bundled_course().solutions / name)


@functools.cache
def bundled_samples(name):
    """The samples of a bundled assignment."""
    return tuple(load_samples(bundled_suite(name)))


def some(values, one_in=None):
    """The first value of each `one_in` as it is, the others marked exhaustive. None: only the first of all."""
    values = list(values)
    return [value if i % (one_in or len(values)) == 0 else _exhaustive(value) for i, value in enumerate(values)]


def _exhaustive(value):
    """value: a parameter of a test, or the pytest.param of one."""
    same = value if isinstance(value, type(pytest.param())) else pytest.param(value)
    return same._replace(marks=(*same.marks, pytest.mark.exhaustive))


# A test of what does not depend on the tier, such as a limit that a loop meets: it takes long.
ONE_TIER = pytest.mark.parametrize("zygote", some(["B", "A"]), indirect=True)
SOME_ASSIGNMENTS = some(bundled_course().names())
