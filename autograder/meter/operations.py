"""The allow-list of operations on arrays that stay in the grader, with their arguments and costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from autograder.meter import counts, sizes


@dataclass(frozen=True, slots=True)
class MeterRule:
    """One operation of the allow-list.

    takes: the names of its arguments, in NumPy's order. Those before the stroke are needed and passed on by position,
    the others by name. "*shape" is one argument or several. A name says what an argument may be, see arguments.py.
    size: entries of the result, or of a larger array on the way to it.  count: multiply-adds. Both take the arguments
    as the operation gets them.  computes: whether the result has new numbers; a move has not.
    """

    takes: str
    size: Callable[..., int]
    count: Callable[..., int] = counts.nothing
    computes: bool = False


def _moving(takes: str, size: Callable[..., int] = sizes.as_first) -> MeterRule:
    return MeterRule(takes, size)


def _adding(takes: str, size: Callable[..., int] = sizes.as_first) -> MeterRule:
    return MeterRule(takes, size, computes=True)


def _multiplying(takes: str, size: Callable[..., int], count: Callable[..., int]) -> MeterRule:
    return MeterRule(takes, size, count, computes=True)


def _table(kinds: dict[str, MeterRule]) -> dict[str, MeterRule]:
    return {name: operation for names, operation in kinds.items() for name in names.split()}


_REDUCED: Final = "a / axis out keepdims"
_ADDED_UP: Final = "a / axis dtype out keepdims"

# While an order is observed: moves, sums and counted products only. blur.py says why no others, and why these are safe.
OBSERVABLE: Final = _table(
    {
        "asarray": _moving("a / dtype order copy"),
        "astype": _moving("a dtype / order copy"),
        "atleast_1d atleast_2d ndim shape size": _moving("a"),
        "copy flatten ravel": _moving("a / order"),
        "empty_like ones_like zeros_like": _moving("a / dtype order"),
        "expand_dims flip squeeze": _moving("a / axis"),
        "moveaxis": _moving("a source destination"),
        "reshape": _moving("a *shape / order"),
        "swapaxes": _moving("a axis1 axis2"),
        "permute_dims transpose": _moving("a *axes"),
        "getitem": _moving("a place", sizes.indexed),
        "setitem": _moving("a place b", sizes.written),
        "broadcast_to": _moving("a shape", sizes.spread),
        "empty ones zeros": _moving("shape / dtype", sizes.made),
        "full": _moving("shape fill_value / dtype", sizes.made),
        "eye": _moving("n / M k dtype", sizes.square),
        "identity": _moving("n / dtype", sizes.square),
        "array column_stack hstack vstack": _moving("parts", sizes.together),
        "concatenate stack": _moving("parts / axis", sizes.together),
        "sum add.reduce": _adding(_ADDED_UP),
        "cumsum": _adding("a / axis dtype out"),
        "trace": _adding("a / offset axis1 axis2 dtype out"),
        "negative positive": _adding("a / out", sizes.broadcast),
        "add subtract": _adding("a b / out", sizes.broadcast),
        "multiply": _multiplying("a b / out", sizes.broadcast, counts.each_entry),
        "matmul": _multiplying("a b / out", sizes.matmul, counts.matrix_products),
        "dot": _multiplying("a b / out", sizes.dot, counts.along_one_axis),
        "inner": _multiplying("a b", sizes.dot, counts.along_one_axis),
        "multiply.outer outer": _multiplying("a b", sizes.outer, counts.each_pair),
        "tensordot": _multiplying("a b / axes", sizes.tensordot, counts.contracted),
        "vdot": _multiplying("a b", sizes.added, counts.along_all_axes),
        "einsum": _multiplying("subscripts *arrays / out", sizes.einsum, counts.all_letters),
    }
)

_SOMEWHERE: Final = "a / out where"
_BOTH: Final = "a b / out where"

# Otherwise: all that a forward and a backward pass need, also with indices that are arrays of the grader.
ANYTHING: Final = OBSERVABLE | _table(
    {
        "abs absolute ceil cos cosh exp exp2 expm1 fabs floor invert isfinite isinf isnan log log10 log1p log2 "
        "logical_not negative positive reciprocal rint sign sin sinh sqrt square tan tanh": _adding(
            _SOMEWHERE, sizes.broadcast
        ),
        "add bitwise_and bitwise_or bitwise_xor divide equal floor_divide fmax fmin greater greater_equal heaviside "
        "hypot less less_equal logaddexp logical_and logical_or logical_xor maximum minimum mod not_equal power "
        "remainder subtract true_divide": _adding(_BOTH, sizes.broadcast),
        "multiply": _multiplying(_BOTH, sizes.broadcast, counts.each_entry),
        "clip": _adding("a a_min a_max / out", sizes.broadcast),
        "where": _moving("a / b c", sizes.chosen),
        "all amax amin any argmax argmin max median min ptp": _adding(_REDUCED),
        "mean prod logical_and.reduce logical_or.reduce maximum.reduce minimum.reduce multiply.reduce": _adding(
            _ADDED_UP
        ),
        "std var": _adding("a / axis dtype out ddof keepdims"),
        "count_nonzero logaddexp.reduce": _adding("a / axis keepdims"),
        "linalg.norm": _adding("a / ord axis keepdims"),
        "append": _moving("a b / axis", sizes.added),
        "argsort sort": _adding("a / axis"),
        "argwhere flatnonzero nonzero": _adding("a", sizes.places),
        "fill": _moving("a fill_value"),
        "item": _moving("a"),
        "full_like": _moving("a fill_value / dtype order"),
        "nan_to_num": _adding("a"),
        "diag": _moving("a / k", sizes.diagonal),
        "diagonal": _moving("a / offset axis1 axis2"),
        "tril triu": _moving("a / k", sizes.triangle),
        "allclose isclose": _adding("a b / rtol atol", sizes.broadcast),
        "array_equal": _adding("a b", sizes.larger),
        "getitem": _moving("a index", sizes.indexed),
        "setitem": _moving("a index b", sizes.written),
        "add.at subtract.at": _adding("a at b", sizes.written),
        "repeat": _moving("a repeats / axis", sizes.repeated),
        "tile": _moving("a reps", sizes.tiled),
        "take": _moving("a indices / axis", sizes.taken),
        "take_along_axis": _moving("a indices / axis", sizes.taken_along),
    }
)
