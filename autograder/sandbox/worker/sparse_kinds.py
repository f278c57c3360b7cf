"""SciPy's sparse matrices and arrays as parts: their shape, numbers and indices. Imported only where one is met.

SciPy's C code trusts indices: a column beyond the last one reads and writes foreign memory. So every index is checked
before a matrix is made. A format that takes memory for each row or diagonal travels with a number for each, so that the
parts are about as large as the matrix: 60 bytes of coo would make 16 MB of bsr. csr, csc and dia travel as they are,
bsr and lil as csr, dok and coo as coo.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import scipy.sparse as sp

from .kinds import Kind, Stays, require
from .layouts import MAX_ENTRIES, NUMBERS, WireError

MAX_CELLS: Final = 1 << 40  # of the table with all its zeros. A check must not make it: see authoring, assert_sparse
MAX_ROWS: Final = 100_000  # of a lil matrix: it has two lists for each
MAX_PLACES: Final = 10_000  # of a dok matrix: its places are hashed, and a hash is easy to aim at
_FORMATS: Final = ("csr", "csc", "coo", "bsr", "dia", "dok", "lil")
_COMPRESSED: Final = frozenset({"csr", "csc", "bsr", "lil"})
_INDICES: Final = frozenset({np.dtype("<i4"), np.dtype("<i8")})  # SciPy has no others
_DTYPES: Final = frozenset({*NUMBERS, np.dtype("<c16"), np.dtype("<c8")})


def _apart(matrix: Any) -> list[Any]:
    if matrix.dtype not in _DTYPES:
        raise Stays
    form, shape = matrix.format, [int(n) for n in matrix.shape]
    head = [form, isinstance(matrix, sp.sparray), shape]
    if form == "dia":
        inside = (matrix.offsets > -shape[0]) & (matrix.offsets < shape[1])
        return [*head, matrix.data[inside], matrix.offsets[inside]]
    _require_affordable(form, shape, int(matrix.nnz))
    if form in _COMPRESSED and len(shape) == 2:
        matrix = matrix if form in {"csr", "csc"} else matrix.tocsr()
        stored = int(matrix.indptr[-1])  # behind it lies room that is not used
        return [*head, matrix.data[:stored], matrix.indices[:stored], matrix.indptr]
    matrix = matrix.tocoo()
    return [*head, matrix.data, *(getattr(matrix, "coords", None) or (matrix.row, matrix.col))]


def _together(form: Any, is_array: Any, shape: Any, data: Any, *places: Any) -> Any:
    require(form in _FORMATS and type(is_array) is bool and _is_shape(shape), "a sparse matrix")
    require(all(isinstance(part, np.ndarray) and part.dtype in _INDICES for part in places), "a sparse matrix")
    require(isinstance(data, np.ndarray) and data.dtype in _DTYPES, "a sparse matrix")
    make, size = getattr(sp, f"{form}_{'array' if is_array else 'matrix'}"), tuple(shape)
    if form == "dia":
        _require_diagonals(shape, data, *places)
        return make((data, *places), shape=size)
    require(all(part.ndim == 1 for part in (data, *places)), "a sparse matrix")
    _require_affordable(form, shape, len(data))
    if form in _COMPRESSED and len(shape) == 2:
        _require_compressed(shape[::-1] if form == "csc" else shape, data, *places)
        parts = (data, *places)
        return make(parts if form in {"csr", "csc"} else sp.csr_array(parts, shape=size), shape=size)
    require(len(places) == len(shape) and all(len(axis) == len(data) for axis in places), "a sparse matrix")
    for axis, length in zip(places, shape, strict=True):
        _require_within(axis, length)
    coo = sp.coo_array if is_array else sp.coo_matrix
    return make(coo((data, tuple(places)), shape=size))


def _is_shape(shape: Any) -> bool:
    """Of one or two axes, each no longer than an array may be: other formats take a number for each row."""
    return (
        type(shape) is list
        and len(shape) in {1, 2}
        and all(type(n) is int and 0 <= n <= MAX_ENTRIES for n in shape)
        and math.prod(shape) <= MAX_CELLS
    )


def _require_compressed(shape: list[int], data: Any, indices: Any, starts: Any) -> None:
    """Raise WireError unless the rows of a csr matrix begin one after the other, and its columns exist."""
    require(len(starts) == shape[0] + 1 and len(indices) == len(data), "a sparse matrix")
    require(starts[0] == 0 and starts[-1] == len(data) and bool((np.diff(starts) >= 0).all()), "a sparse matrix")
    _require_within(indices, shape[1])


def _require_diagonals(shape: list[int], data: Any, offsets: Any) -> None:
    """Raise WireError unless each row of the data has a diagonal of its own that lies within the matrix."""
    require(len(shape) == data.ndim == 2 and offsets.shape == data.shape[:1], "a sparse matrix")
    require(len(np.unique(offsets)) == len(offsets) and data.shape[1] <= MAX_ENTRIES, "a sparse matrix")
    require(bool(((offsets > -shape[0]) & (offsets < shape[1])).all()), "a sparse matrix")


def _require_within(places: Any, length: int) -> None:
    require(not len(places) or (places.min() >= 0 and places.max() < length), "a sparse matrix")


def _require_affordable(form: str, shape: list[int], stored: int) -> None:
    """Raise WireError if this format would take far more memory or time than its parts."""
    if form == "lil" and shape[0] > MAX_ROWS:
        raise WireError(f"a lil matrix with more than {MAX_ROWS} rows")
    if form == "dok" and stored > MAX_PLACES:
        raise WireError(f"a dok matrix with more than {MAX_PLACES} places")


_TYPES: Final = [getattr(sp, f"{form}_{word}") for form in _FORMATS for word in ("array", "matrix")]
KINDS: Final = dict.fromkeys(_TYPES, Kind("sparse.matrix", _apart, _together, large=True))
