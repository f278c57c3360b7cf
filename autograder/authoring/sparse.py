"""Assertions about sparse matrices. They never make the table with all its zeros: a student chooses its shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.authoring.diagnosis import by_shape, describe
from autograder.authoring.failing import SafeText, refuse
from autograder.authoring.precision import usual_rtol
from autograder.sandbox.worker.describing import Untravelled, words_of_class

if TYPE_CHECKING:
    import scipy.sparse as sp

_RESULT = SafeText("the result")
_SPARSE = {("scipy", "_spbase"): "sparse"}
_FORMATS = frozenset({"csr", "csc", "coo", "bsr", "dia", "dok", "lil"})


def assert_sparse(
    got: Any,
    expected: sp.sparray | sp.spmatrix,
    *,
    name: str = _RESULT,
    rtol: float | None = None,
    sparse_format: str = "",
) -> None:
    """`got` is a sparse matrix or array like `expected`: same shape, finite, max|got - expected| <= rtol max|expected|.

    expected: sparse, of any format.  rtol: 1e-5 unless given.  sparse_format: that the result must have, such as
    "csr". Zeros that are stored, or numbers in several parts, make no difference.  Raises CheckFailed.

    Example: `assert_sparse(student.laplacian(5), expected, sparse_format="csr")`.
    """
    if isinstance(got, Untravelled) or not words_of_class(got, _SPARSE):
        hint = "build it with scipy.sparse; a full array takes memory for every zero" if _is_array(got) else ""
        refuse("expected a sparse matrix", "type", subject=name, got=describe(got), hint=hint)
    if got.shape != expected.shape:
        by_shape(name, got.shape, expected.shape, 0)
    if got.dtype.kind not in ("fiuc" if expected.dtype.kind == "c" else "fiu"):
        words = {"c": "complex numbers", "b": "truth values"}[got.dtype.kind]
        refuse("expected real numbers", "dtype", subject=name, got=words)
    if sparse_format and got.format != sparse_format:
        shown = got.format if got.format in _FORMATS else "another format"
        refuse(
            f"expected the format {sparse_format}", "type", subject=name, got=shown, hint=f"use .to{sparse_format}()"
        )
    _require_numbers(_widened(got), _widened(expected), name, usual_rtol() if rtol is None else rtol)


def _is_array(got: Any) -> bool:
    return isinstance(got, np.ndarray)


def _widened(matrix: Any) -> Any:
    return matrix.tocoo().astype(np.complex128 if matrix.dtype.kind == "c" else np.float64).tocsr()


def _require_numbers(got: Any, expected: Any, name: str, rtol: float) -> None:
    if not np.isfinite(got.data).all():
        refuse("some entries are NaN or infinite, and the answer is finite", "non_finite", subject=name)
    if _agree(got, expected, rtol):
        return
    for answer, message, diagnosis in _explanations(expected):
        if _agree(got, answer, max(rtol, 1e-6)):
            refuse(message, diagnosis, subject=name)
    refuse("some entries differ from the reference", "value", subject=name)


def _agree(got: Any, expected: Any, rtol: float) -> bool:
    """The difference has numbers only where one of both has."""
    return got.shape == expected.shape and _largest(got - expected) <= rtol * _largest(expected)


def _largest(matrix: Any) -> float:
    return float(np.max(np.abs(matrix.tocsr().data), initial=0.0))


def _explanations(expected: Any) -> Iterator[tuple[Any, str, str]]:
    """(answer, message, diagnosis) of common mistakes."""
    yield 0 * expected, "all zeros, and the answer is not", "zero"
    yield -expected, "yours = −1 × the reference", "sign"
    yield 2 * expected, "yours is twice the reference everywhere", "scale"
    yield expected / 2, "yours is half of the reference everywhere", "scale"
    if expected.ndim > 1:
        yield expected.T.tocsr(), "yours is the transpose of the reference", "transpose"
