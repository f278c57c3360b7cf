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


def some(values):
    """The first value as it is, the others marked exhaustive."""
    first, *others = values
    return [first, *(pytest.param(value, marks=pytest.mark.exhaustive) for value in others)]


SOME_ASSIGNMENTS = some(bundled_course().names())
