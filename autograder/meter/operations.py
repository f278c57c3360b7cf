"""What can be asked of an array that stays with the grader: an allow-list, each entry with its price; see sizes.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from autograder.meter import sizes


@dataclass(frozen=True, slots=True)
class Operation:
    """What may be asked for, and how.

    arrays: the positions of the arguments that may be arrays. The others, and every option, are plain values:
    an array as a size, an index or an axis would tell its numbers by a shape or by an error's text.
    texts: the positions of those that may be any text.
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


def _table(kinds: dict[str, Operation]) -> dict[str, Operation]:
    return {name: operation for names, operation in kinds.items() for name in names.split()}


# Where an order is being observed: moves, sums and counted products. What is none of these could multiply
# unseen, as exp(log a + log b) does.
OBSERVABLE: Final = _table(
    {
        "asarray astype atleast_1d atleast_2d copy empty_like flatten ones_like ravel squeeze zeros_like": Operation(
            (0,), sizes.as_first, _MOVED
        ),
        "expand_dims flip moveaxis permute_dims reshape swapaxes transpose": Operation(
            (0,), sizes.as_first, _MOVED | {"shape"}
        ),
        "ndim shape size": Operation((0,), sizes.as_first),
        "getitem": Operation((0,), sizes.indexed),
        "setitem": Operation((0, 2), sizes.written),
        "broadcast_to": Operation((0,), sizes.broadcast_to),
        "empty full ones zeros": Operation((), sizes.made, frozenset({"dtype"})),
        "eye identity": Operation((), sizes.square, frozenset({"dtype", "k"})),
        "array column_stack concatenate hstack stack vstack": Operation((0,), sizes.together, frozenset({"axis"})),
        "sum add.reduce cumsum": Operation((0,), sizes.as_first, _ALONG),
        "trace negative positive": Operation((0,), sizes.as_first, _INTO),
        "add subtract": Operation((0, 1), sizes.broadcast, _INTO),
        "multiply": Operation((0, 1), sizes.broadcast, _INTO, sizes.each_entry),
        "matmul": Operation((0, 1), sizes.matmul, _INTO, sizes.last_axis),
        "dot inner": Operation((0, 1), sizes.dot, _INTO, sizes.contraction),
        "multiply.outer outer": Operation((0, 1), sizes.outer, frozenset(), sizes.contraction),
        "tensordot": Operation((0, 1), sizes.tensordot, frozenset({"axes"}), sizes.contraction),
        "vdot": Operation((0, 1), sizes.vdot, frozenset(), sizes.contraction),
        "einsum": Operation((1, 2), sizes.einsum, _INTO, sizes.all_lengths, texts=(0,)),
    }
)

# Elsewhere: all that a forward and a backward pass need, and indices that are the grader's, too.
ANYTHING: Final = OBSERVABLE | _table(
    {
        "add multiply subtract": Operation((0, 1), sizes.broadcast, _SOMEWHERE, sizes.each_entry),
        "abs absolute ceil cos cosh exp exp2 expm1 fabs floor log log10 log1p log2 reciprocal rint sign sin sinh sqrt "
        "square tan tanh": Operation((0,), sizes.as_first, _SOMEWHERE),
        "invert isfinite isinf isnan logical_not": Operation((0,), sizes.as_first, _SOMEWHERE),
        "bitwise_and bitwise_or bitwise_xor divide equal floor_divide fmax fmin greater greater_equal heaviside hypot "
        "less less_equal logaddexp logical_and logical_or logical_xor maximum minimum mod not_equal power remainder "
        "true_divide": Operation((0, 1), sizes.broadcast, _SOMEWHERE),
        "clip where": Operation((0, 1, 2), sizes.broadcast),
        "all amax amin any argmax argmin count_nonzero max mean median min prod ptp std var logical_and.reduce "
        "logical_or.reduce maximum.reduce minimum.reduce multiply.reduce": Operation((0,), sizes.as_first, _ALONG),
        "logaddexp.reduce": Operation((0,), sizes.as_first, frozenset({"axis", "keepdims"})),
        "linalg.norm": Operation((0,), sizes.as_first, frozenset({"axis", "keepdims"})),
        "append": Operation((0, 1), lambda a, b, *_, **__: sizes.entries(a) + sizes.entries(b), frozenset({"axis"})),
        "argsort sort": Operation((0,), sizes.as_first, frozenset({"axis"})),
        "argwhere fill flatnonzero full_like item nan_to_num nonzero": Operation(
            (0,), sizes.as_first, frozenset({"dtype"})
        ),
        "diag": Operation((0,), sizes.diagonal, frozenset({"k"})),
        "diagonal tril triu": Operation((0,), sizes.as_first, frozenset({"k", "offset"})),
        "allclose array_equal isclose": Operation((0, 1), sizes.broadcast, frozenset({"rtol", "atol"})),
        "getitem": Operation((0, 1), sizes.indexed),
        "setitem": Operation((0, 1, 2), sizes.written),
        "einsum": Operation(tuple(range(1, 9)), sizes.einsum, _INTO, sizes.all_lengths, texts=(0,)),
        "add.at subtract.at": Operation((0, 1, 2), sizes.written_at),
        "repeat": Operation((0,), sizes.repeated, frozenset({"axis"})),
        "tile": Operation((0,), sizes.tiled),
        "take": Operation((0, 1), sizes.taken, frozenset({"axis"})),
        "take_along_axis": Operation((0, 1), sizes.broadcast, frozenset({"axis"})),
    }
)
