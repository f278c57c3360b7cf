"""Assertions that say what is wrong with an answer, and never what the answer is.

Each failure has a `diagnosis`, one word of `DIAGNOSES` that the class report counts, and a message that helps a
student. Type, shape, kind, finiteness and value are checked in this order; the message is about the first that is
wrong. Tolerances are relative to the *reference*, never to the student's value: an answer of 1e300 must not widen its
own tolerance. An absolute tolerance would let a zero gradient pass.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.authoring.diagnosis import Suspect, Suspicions, by_shape, by_value, close, describe, form_words
from autograder.authoring.equality import same
from autograder.authoring.failing import CheckFailed, SafeText, fail, refuse
from autograder.authoring.precision import as_handed_over, usual_rtol

_REAL = "return float64 or float32, with rows of one length"
_SINGLE = (
    "look for np.zeros, np.ones or np.eye without a dtype, an integer mask as in (z > 0).astype(int) * g, "
    "and NumPy scalars of float64"
)
_KNOWN = ("float64", "float32", "float16", "int64", "int32")
_RESULT, _GRADIENTS = SafeText("the result"), SafeText("the gradients")


def assert_array(
    got: Any,
    expected: np.ndarray,
    *,
    name: str = _RESULT,
    rtol: float | None = None,
    dtype: npt.DTypeLike | None = None,
    suspects: Iterable[Suspect] = (),
    factors: Mapping[float, str] | None = None,
    batch: int = 0,
) -> None:
    """`got` is an array like `expected`: same shape, finite, max|got - expected| <= rtol max|expected|.

    A list of numbers or a Series counts as an array. Complex numbers are right only where `expected` has some. If
    `expected` is all zeros, `got` must be exactly zero. If it holds infinity or NaN, nothing is like it.
    rtol: 1e-5 unless given; 1e-4 if dtype is float32, and on a device.  dtype: that the result must have.
    suspects, factors, batch: known mistakes to compare a wrong answer with, see `Suspicions`. For a right answer no
    suspect is computed, if they come from a generator.
    Raises CheckFailed.

    Example: `assert_array(student.relu(x), np.maximum(x, 0), name="relu(x)", dtype=np.float32)`.
    """
    tolerance = usual_rtol(dtype) if rtol is None else rtol
    numbers = np.complex128 if np.iscomplexobj(expected) else np.float64
    raw = _as_array(got, name, numbers)
    if raw.shape != expected.shape:
        by_shape(name, raw.shape, expected.shape, batch)
    actual = raw.astype(numbers)
    if dtype is not None:
        _require_dtype(got, np.dtype(dtype), name)
    _require_finite(actual, name)
    size = float(np.max(np.abs(expected), initial=0.0))
    error = float(np.max(np.abs(actual - expected), initial=0.0))
    if not error <= tolerance * size < math.inf:  # every finite answer is closer than infinity to an infinite one
        wanted = np.asarray(expected, dtype=numbers)
        integers = raw.dtype.kind in "iu"
        by_value(actual, wanted, name, tolerance, Suspicions(tuple(suspects), factors or {}, batch, integers))


def assert_number(
    got: Any,
    expected: complex,
    *,
    name: str = _RESULT,
    rtol: float | None = None,
    suspects: Iterable[Suspect] = (),
    factors: Mapping[float, str] | None = None,
) -> None:
    """`got` is one number within `rtol` of `expected` (exactly 0 where that is 0). Raises CheckFailed.

    rtol: as in `assert_array`. Python and NumPy numbers and arrays of shape () or (1,) all count as one number.

    Example: `assert_number(student.mean_square(x), np.mean(x**2), factors={2.0: "look for a factor of two"})`.
    """
    wanted = np.asarray(expected, dtype=complex if np.iscomplexobj(expected) else float)
    actual = _as_array(got, name, wanted.dtype.type)
    if actual.size != 1 or actual.ndim > 1:
        refuse("expected one number", "shape", subject=name, got=describe(got))
    assert_array(actual.reshape(()), wanted, name=name, rtol=rtol, suspects=suspects, factors=factors)


def assert_gradients(
    got: Any,
    expected: Mapping[str, np.ndarray],
    *,
    dtype: npt.DTypeLike | None = None,
    suspects: Iterable[Suspect] = (),
    factors: Mapping[float, str] | None = None,
    batch: int = 0,
    hints: Mapping[str, str] | None = None,
) -> None:
    """`got` is a dict with the names of `expected`, and `assert_array` holds for each array.

    The order of `expected` is the order of the computation: the message is about the first array that is not right.
    It names the arrays before it, which are right, and the others if they are right, too.
    suspects: `answer` is a dict of some or all of the arrays; each must match, and the others be right.
    hints: by name, what to look at if that array is the first that holds other numbers than expected.
    Raises CheckFailed.

    Example: `assert_gradients(student.backward(cache), {"W": d_W, "b": d_b}, batch=len(X))`.
    """
    if not isinstance(got, dict):
        refuse("expected a dict", "type", subject=_GRADIENTS, got=describe(got))
    _require_names(got, expected)
    failures: dict[str, CheckFailed] = {}
    for name, array in expected.items():
        try:
            assert_array(got[name], array, name=SafeText(name), dtype=dtype, factors=factors, batch=batch)
        except CheckFailed as failure:
            failures[name] = failure
    if not failures:
        return
    rtol = usual_rtol(dtype)
    comparable = all(failure.diagnosis not in {"type", "dtype"} for failure in failures.values())
    for suspect in suspects if comparable else ():
        if all(_matches(got[name], suspect.answer.get(name, expected[name]), rtol) for name in expected):
            fail(suspect.message, suspect.diagnosis, subject=SafeText(", ".join(failures)))
    _fail_by_the_first(failures, list(expected), hints or {})


def assert_integer(got: Any, expected: int, *, name: str = _RESULT) -> None:
    """`got` is the whole number `expected`, as an int or a NumPy integer. Raises CheckFailed.

    Example: `assert_integer(student.multiplications(10, 20, 30), 6000)`.
    """
    if isinstance(got, (bool, np.bool_, np.timedelta64)) or not isinstance(got, (int, np.integer)):
        refuse("expected a whole number (int)", "type", subject=name, got=describe(got))
    if int(got) != expected:
        refuse("not the expected whole number", "value", subject=name)


def assert_unchanged(now: Any, before: Any, *, name: str) -> None:
    """The caller's array, table or other value is unchanged, to the last bit. Raises CheckFailed("mutated").

    Example: `x = student.keep(X); student.step(x); assert_unchanged(student.fetch(x), X, name="X")`.
    """
    if not same(now, as_handed_over(before) if isinstance(before, np.ndarray) else before):
        hint = "make new arrays, in a new dict" if '["' in name else "work on a copy, such as x.copy()"
        refuse("was changed in place", "mutated", subject=name, hint=hint)


def _as_array(got: Any, name: str, numbers: type[np.generic]) -> np.ndarray:
    """The answer as an array of its own kind: it can be far larger than expected, so it is not converted yet.

    numbers: float64, or complex128 if complex numbers may be there.
    """
    if got is None:
        refuse("returned nothing (None)", "type", subject=name, hint="look for a missing return, or a way without one")
    complex_too = issubclass(numbers, np.complexfloating)
    what, hint = ("numbers", "return complex128") if complex_too else ("real numbers", _REAL)
    if (form := form_words(got)) and not (complex_too and _is_complex(got)):
        refuse(f"expected {what}", "dtype", subject=name, got=form, hint=hint)
    try:
        actual = np.asarray(got)
    except (ValueError, TypeError):
        actual = np.asarray(None)
    kind = actual.dtype.kind
    if kind not in ("fiuc" if complex_too else "fiu"):
        words = {"c": "complex numbers", "b": "truth values"}.get(kind) or describe(got)
        refuse(f"expected {what}", "dtype" if kind in "cb" else "type", subject=name, got=words)
    return actual


def _is_complex(got: Any) -> bool:
    return isinstance(got, (complex, np.complexfloating)) or (isinstance(got, np.ndarray) and got.dtype.kind == "c")


def _require_dtype(got: Any, wanted: np.dtype[Any], name: str) -> None:
    if not isinstance(got, (np.ndarray, np.generic)):
        refuse(f"expected a NumPy array of {wanted}", "dtype", subject=name, got=describe(got))
    if got.dtype != wanted:
        known = next((kind for kind in _KNOWN if got.dtype == kind), "another dtype")
        hint = _SINGLE if wanted == np.float32 and known in {"float64", "int64"} else ""
        refuse(f"{wanted} in, {wanted} out is the rule", "dtype", subject=name, got=known, hint=hint)


def _require_finite(actual: np.ndarray, name: str) -> None:
    finite = np.isfinite(actual)
    if not finite.all():
        amount = "some" if finite.any() else "all"
        refuse(f"{amount} entries are NaN or infinite, and the answer is finite", "non_finite", subject=name)


def _require_names(got: Mapping[Any, Any], expected: Mapping[str, np.ndarray]) -> None:
    """Require all names and no others. A student's own names are not printed: they can hold anything."""
    missing = [name for name in expected if name not in got]
    if missing:
        prefixed = any(f"{prefix}{name}" in got for name in missing for prefix in ("d", "d_", "grad_", "db_"))
        hint = "a gradient goes by its parameter's key, without a prefix" if prefixed else ""
        refuse(f"no entry for {', '.join(missing)}", "keys", subject=_GRADIENTS, hint=hint)
    if len(got) > len(expected):
        refuse(f"expected {', '.join(expected)} and nothing else", "keys", subject=_GRADIENTS, got="more names")


def _matches(got: Any, answer: np.ndarray, rtol: float) -> bool:
    return close(np.asarray(got, dtype=np.float64), answer, rtol)


def _fail_by_the_first(failures: Mapping[str, CheckFailed], names: Sequence[str], hints: Mapping[str, str]) -> None:
    """The message tells few of the sixteen ways in which four arrays can be right and wrong: they could carry bits."""
    name, first = next(iter(failures.items()))
    alike = all((f.message, f.got) == (first.message, first.got) for f in failures.values())
    all_wrong = alike and len(failures) == len(names)
    right = [n for n in names if n != name] if len(failures) == 1 else names[: names.index(name)]
    raise CheckFailed(
        first.message,
        first.diagnosis,
        subject=SafeText(", ".join(names) if all_wrong else name),
        got=first.got,
        hint=hints.get(name, first.hint) if first.diagnosis == "value" else first.hint,
        right=SafeText(", ".join(right)),
    )
