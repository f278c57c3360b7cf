"""The allow-list of operations on arrays that stay in the grader, each with its cost; see sizes.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from autograder.meter import sizes


@dataclass(frozen=True, slots=True)
class MeterRule:
    """One operation of the allow-list.

    arrays: the positions of the arguments that may be arrays. All others are plain values: an array as a size, an index
    or an axis would show its numbers in a shape or in an error's text.
    texts: the positions of the arguments that may be any text.
    size: entries of the result, at most.  count: multiply-adds, from the arguments and that size.
    """

    arrays: tuple[int, ...]
    size: Callable[..., int]
    options: frozenset[str] = frozenset()
    count: Callable[[list[Any], int], int] = lambda _, __: 0
    texts: tuple[int, ...] = ()


_INTO: Final = frozenset({"out"})
_SOMEWHERE: Final = frozenset({"out", "where"})
_ALONG: Final = frozenset({"axis", "keepdims", "dtype", "out"})
_MOVED: Final = frozenset({"axis", "axes", "copy", "dtype", "order"})


def _table(kinds: dict[str, MeterRule]) -> dict[str, MeterRule]:
    return {name: operation for names, operation in kinds.items() for name in names.split()}


# While an order is observed: moves, sums and counted products only. Other operations could multiply without being
# counted, as exp(log a + log b) does.
OBSERVABLE: Final = _table(
    {
        "asarray astype atleast_1d atleast_2d copy empty_like flatten ones_like ravel squeeze zeros_like": MeterRule(
            (0,), sizes.as_first, _MOVED
        ),
        "expand_dims flip moveaxis permute_dims reshape swapaxes transpose": MeterRule(
            (0,), sizes.as_first, _MOVED | {"shape"}
        ),
        "ndim shape size": MeterRule((0,), sizes.as_first),
        "getitem": MeterRule((0,), sizes.indexed),
        "setitem": MeterRule((0, 2), sizes.written),
        "broadcast_to": MeterRule((0,), lambda _, shape: sizes.made(shape)),
        "empty full ones zeros": MeterRule((), sizes.made, frozenset({"dtype"})),
        "eye identity": MeterRule((), sizes.square, frozenset({"dtype", "k"})),
        "array column_stack concatenate hstack stack vstack": MeterRule((0,), sizes.together, frozenset({"axis"})),
        "sum add.reduce cumsum": MeterRule((0,), sizes.as_first, _ALONG),
        "trace negative positive": MeterRule((0,), sizes.as_first, _INTO),
        "add subtract": MeterRule((0, 1), sizes.broadcast, _INTO),
        "multiply": MeterRule((0, 1), sizes.broadcast, _INTO, sizes.each_entry),
        "matmul": MeterRule((0, 1), sizes.matmul, _INTO, sizes.last_axis),
        "dot inner": MeterRule((0, 1), sizes.dot, _INTO, sizes.contraction),
        "multiply.outer outer": MeterRule((0, 1), sizes.outer, frozenset(), sizes.contraction),
        "tensordot": MeterRule((0, 1), sizes.tensordot, frozenset({"axes"}), sizes.contraction),
        "vdot": MeterRule((0, 1), lambda *_: 1, frozenset(), sizes.contraction),
        "einsum": MeterRule((1, 2), sizes.einsum, _INTO, sizes.all_lengths, texts=(0,)),
    }
)

# Otherwise: all that a forward and a backward pass need, also with indices that are arrays of the grader.
ANYTHING: Final = OBSERVABLE | _table(
    {
        "add multiply subtract": MeterRule((0, 1), sizes.broadcast, _SOMEWHERE, sizes.each_entry),
        "abs absolute ceil cos cosh exp exp2 expm1 fabs floor log log10 log1p log2 reciprocal rint sign sin sinh sqrt "
        "square tan tanh": MeterRule((0,), sizes.as_first, _SOMEWHERE),
        "invert isfinite isinf isnan logical_not": MeterRule((0,), sizes.as_first, _SOMEWHERE),
        "bitwise_and bitwise_or bitwise_xor divide equal floor_divide fmax fmin greater greater_equal heaviside hypot "
        "less less_equal logaddexp logical_and logical_or logical_xor maximum minimum mod not_equal power remainder "
        "true_divide": MeterRule((0, 1), sizes.broadcast, _SOMEWHERE),
        "clip where": MeterRule((0, 1, 2), sizes.broadcast),
        "all amax amin any argmax argmin count_nonzero max mean median min prod ptp std var logical_and.reduce "
        "logical_or.reduce maximum.reduce minimum.reduce multiply.reduce": MeterRule((0,), sizes.as_first, _ALONG),
        "logaddexp.reduce": MeterRule((0,), sizes.as_first, frozenset({"axis", "keepdims"})),
        "linalg.norm": MeterRule((0,), sizes.as_first, frozenset({"axis", "keepdims"})),
        "append": MeterRule((0, 1), lambda a, b, *_, **__: sizes.entries(a) + sizes.entries(b), frozenset({"axis"})),
        "argsort sort": MeterRule((0,), sizes.as_first, frozenset({"axis"})),
        "argwhere fill flatnonzero full_like item nan_to_num nonzero": MeterRule(
            (0,), sizes.as_first, frozenset({"dtype"})
        ),
        "diag": MeterRule((0,), sizes.diagonal, frozenset({"k"})),
        "diagonal tril triu": MeterRule((0,), sizes.as_first, frozenset({"k", "offset"})),
        "allclose array_equal isclose": MeterRule((0, 1), sizes.broadcast, frozenset({"rtol", "atol"})),
        "getitem": MeterRule((0, 1), sizes.indexed),
        "setitem": MeterRule((0, 1, 2), sizes.written),
        "einsum": MeterRule(tuple(range(1, 9)), sizes.einsum, _INTO, sizes.all_lengths, texts=(0,)),
        "add.at subtract.at": MeterRule((0, 1, 2), sizes.written_at),
        "repeat": MeterRule((0,), sizes.repeated, frozenset({"axis"})),
        "tile": MeterRule((0,), sizes.tiled),
        "take": MeterRule((0, 1), sizes.taken, frozenset({"axis"})),
        "take_along_axis": MeterRule((0, 1), sizes.broadcast, frozenset({"axis"})),
    }
)
