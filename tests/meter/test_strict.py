"""The stand-in device is as strict as CuPy: what would fail on a GPU for want of a conversion fails on it."""

import numpy as np
import pytest

from autograder.meter import strict
from autograder.meter.executing import _METHODS, _OWN, _REDUCTIONS
from autograder.meter.operations import ANYTHING
from reference_impl.backend import namespace_of, to_numpy

A = strict.asarray(np.array([[1.0, 2.0], [3.0, 4.0]], dtype=np.float32))


@pytest.mark.parametrize(
    "mixed",
    [
        lambda: np.asarray(A),
        lambda: np.array([A, A]),
        lambda: np.exp(A),
        lambda: A + np.ones(2),
        lambda: np.ones(2) @ A,
        lambda: A[np.array([0, 1])],
        lambda: A.__setitem__(0, np.ones(2)),
        lambda: strict.exp(np.ones(2)),
        lambda: strict.stack([A, np.ones((2, 2))]),
        lambda: strict.where(A > 2, A, np.zeros((2, 2))),
        lambda: A.sum(out=np.zeros(())),
    ],
)
def test_nothing_is_converted_or_mixed_unasked(mixed):
    with pytest.raises(TypeError):
        mixed()


@pytest.mark.parametrize(
    "absent", [lambda: strict.maximum.reduce(A), lambda: strict.vectorize(abs), lambda: strict.asarray(["a"])]
)
def test_what_cupy_has_not_is_not_here(absent):
    with pytest.raises((AttributeError, ValueError)):
        absent()


def test_a_number_is_an_array_without_axes():
    for number in (A.sum(), A[0, 0], strict.max(A), -strict.mean(A), A[0] @ A[0], 2 * A[0, 1]):
        assert type(number) is strict.Array
        assert number.shape == ()
        assert number.dtype == np.float32
    assert (float(A[0, 1]), int(A[1, 0]), bool(A[0, 0] < 0), A.sum().item()) == (2.0, 3, False, 10.0)


def test_it_is_a_library_of_the_array_api_for_whoever_asks():
    assert namespace_of(A, A + 1) is strict
    with pytest.raises(TypeError, match="Multiple namespaces"):
        namespace_of(A, np.ones(2))
    assert strict.arange(3, device=A.device).device == A.device
    with pytest.raises(ValueError, match="unsupported device"):
        strict.zeros(2, device="cpu")


def test_what_is_fetched_is_a_copy_and_what_is_changed_in_place_is_changed():
    a = strict.zeros(3)
    view, fetched = a[1:], to_numpy(a)
    a += 1
    a[0] -= 5
    assert (view.get().tolist(), a.get().tolist(), fetched.tolist()) == ([1, 1], [-4, 1, 1], [0, 0, 0])


def names_of(operation):
    """Where an operation is looked for in an array library."""
    name, _, method = operation.partition(".")
    return [_REDUCTIONS[name]] if method == "reduce" else operation.replace("empty", "zeros").split(".")


@pytest.mark.parametrize("library", ["autograder.meter.strict", "cupy"])
def test_the_library_has_every_operation_that_student_code_may_ask_for(library):
    module = pytest.importorskip(library, reason=f"{library} is not installed: its names cannot be compared")
    for operation in set(ANYTHING) - set(_OWN) - set(_METHODS):
        found = module
        for name in names_of(operation):
            found = getattr(found, name)
        assert callable(found), operation
