"""The meter: arrays that stay with the grader, who executes and counts every operation on them.

"Forward or reverse?" is then observed, not believed: the multiply-adds are those that were really done, on
this side of the process border, where a hostile notebook cannot reach them. With another array library as
`namespace` the same unchanged student code runs on a GPU that its sandbox does not have.

An allow-list says what can be done, and its size is bounded before anything is computed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograder.sandbox.worker.remote import RemoteArray

MAX_SIZE: Final = 1 << 20  # entries of one array
MAX_BYTES: Final = 256 << 20  # all arrays of one meter

_MOVES = (
    "array asarray astype atleast_1d atleast_2d broadcast_to column_stack concatenate copy diag empty empty_like "
    "expand_dims eye flatten flip full full_like getitem hstack identity moveaxis ndim ones ones_like permute_dims "
    "ravel repeat reshape rollaxis row_stack setitem shape size split squeeze stack swapaxes take tile transpose "
    "vstack zeros zeros_like"
).split()
_SUMS = "add add.reduce subtract negative positive sum cumsum trace".split()
_PRODUCTS = "matmul dot inner outer tensordot vdot multiply multiply.outer einsum vecdot vecmat matvec".split()
_OUTER = frozenset("outer multiply.outer tensordot einsum inner vdot".split())
_BY_NUMBERS = frozenset("eye identity repeat tile full ones zeros empty broadcast_to reshape diag".split())
_TOGETHER = frozenset("stack concatenate vstack hstack column_stack row_stack array".split())
# What is neither a move nor a sum nor a counted product could multiply unseen: exp(log a + log b).
OBSERVABLE: Final = frozenset(_MOVES + _SUMS + _PRODUCTS)
ANYTHING: Final = OBSERVABLE | frozenset(
    "abs absolute all allclose any argmax argmin argsort clip cos divide equal exp expm1 floor greater greater_equal "
    "isfinite isnan item less less_equal log log1p logaddexp logical_and logical_not logical_or max maximum "
    "maximum.reduce mean min minimum minimum.reduce mod nan_to_num nonzero not_equal power prod reciprocal sign "
    "sin sort sqrt square std take_along_axis tanh true_divide var where amax amin multiply.reduce".split()
)
_KEYWORDS = frozenset(
    "axis axes axis1 axis2 keepdims out dtype shape fill_value N M k repeats reps a_min a_max".split()
)
_KINDS = "fiub"  # of dtypes; an object array would compute with the worker's own objects


class Meter:
    """Makes arrays for student code and counts what is done with them.

    observe: refuse every way to take a number out, and everything that is not a move, a sum or a counted
    product. namespace: the array library that computes (NumPy; CuPy for a GPU).
    multiply_adds: products of two numbers done so far; (p × q)(q × r) counts pqr, an elementwise product one
    for each entry of its result. Moves and sums count nothing, nor does scaling by a number of the student's.
    """

    def __init__(self, *, observe: bool = False, namespace: Any = np) -> None:
        self.multiply_adds = 0
        self._observe, self._namespace = observe, namespace
        self._allowed = OBSERVABLE if observe else ANYTHING
        self._arrays: list[Any] = []
        self._bytes = 0

    def array(self, values: Any) -> RemoteArray:
        """A remote array holding a copy of `values`."""
        return self._keep(self._namespace.array(values))

    def value(self, result: Any) -> Any:
        """What a student returned, with NumPy copies in place of this meter's arrays, at any depth of lists."""
        if isinstance(result, RemoteArray):
            held = self._held(result)
            return np.array(held.get() if hasattr(held, "get") else held)
        if isinstance(result, (list, tuple)):
            return [self.value(item) for item in result]
        if isinstance(result, dict):
            return {key: self.value(item) for key, item in result.items()}
        return result

    def perform(self, operation: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Execute one operation for a RemoteArray and count it. Raises TypeError, ValueError or IndexError."""
        self._require_allowed(operation, args, kwargs)
        operands = [self._local(a) for a in args]
        options = {k: self._local(v) for k, v in kwargs.items() if v is not None}
        _require_small(operation, operands, options)
        if isinstance(options.get("out"), np.generic):
            del options["out"]  # a number cannot be written into: `s += x` makes a new one, as Python's do
        result = self._execute(operation, operands, options)
        self.multiply_adds += _count(operation, operands, result)
        if "out" in options:
            return kwargs["out"]
        return self._wrap(result)

    def _require_allowed(self, operation: str, args: list[Any], kwargs: dict[str, Any]) -> None:
        if operation == "multi_dot":
            raise TypeError("multi_dot chooses its own order of multiplication. Hint: multiply two at a time with @")
        if operation == "einsum" and not (args and isinstance(args[0], str) and len(args) <= 3 and "." not in args[0]):
            raise TypeError(
                "einsum needs subscripts such as 'ij,jk->ik' and at most two arrays here: with more it chooses its "
                "own order of multiplication. Hint: take two at a time"
            )
        if operation not in self._allowed:
            counted = ", where multiply-adds are being counted" if operation in ANYTHING else ""
            raise TypeError(f"{operation} is not available on an array that stays with the grader{counted}")
        odd = sorted(set(kwargs) - _KEYWORDS - ({"optimize"} if operation == "einsum" else set()))
        if odd:
            raise TypeError(f"{operation}: the argument {odd[0]!r} is not available here")

    def _execute(self, operation: str, args: list[Any], options: dict[str, Any]) -> Any:
        options.pop("optimize", None)
        with np.errstate(all="ignore"):
            match operation:
                case "getitem":
                    return args[0][_index(args[1])]
                case "setitem":
                    args[0][_index(args[1])] = args[2]
                    return None
                case "item":
                    return args[0].item()
                case "astype" | "flatten":
                    return getattr(args[0], operation)(*args[1:], **options)
                case "reshape" | "transpose" if len(args) > 2:  # a.reshape(2, 3): the function takes one shape
                    return getattr(args[0], operation)(*args[1:])
            function, _, method = operation.partition(".")
            found = getattr(self._namespace, function)
            return (getattr(found, method) if method else found)(*args, **options)

    def _local(self, value: Any) -> Any:
        """What an argument stands for here: the array behind a handle, and nothing that is not a plain value."""
        match value:
            case RemoteArray():
                return self._held(value)
            case list() | tuple():
                return type(value)(self._local(item) for item in value)
            case dict():
                return {key: self._local(item) for key, item in value.items()}
            case np.ndarray() if value.dtype.kind in _KINDS and value.ndim:
                return self._namespace.asarray(value)
            case None | bool() | int() | float() | str() | np.bool_() | np.integer() | np.floating() | np.ndarray():
                return value
        raise TypeError(f"expected arrays and numbers, got a {type(value).__name__}")

    def _held(self, array: RemoteArray) -> Any:
        if getattr(array.perform, "__self__", None) is not self:
            raise TypeError("an array that belongs to another call. Hint: keep nothing between calls")
        if not 0 <= array.handle < len(self._arrays):
            raise LookupError("no such array")
        return self._arrays[array.handle]

    def _wrap(self, result: Any) -> Any:
        if isinstance(result, (tuple, list)):
            return [self._wrap(item) for item in result]
        if result is None or type(result) in {bool, int, float, str}:
            return result
        return self._keep(result)

    def _keep(self, array: Any) -> RemoteArray:
        if array.dtype.kind not in _KINDS:
            raise TypeError(f"arrays of dtype {array.dtype} are not available here")
        if array.size > MAX_SIZE or self._bytes + array.nbytes > MAX_BYTES:
            raise ValueError("the arrays would take too much memory")
        self._bytes += array.nbytes
        self._arrays.append(array)
        return self._refer(len(self._arrays) - 1)

    def _refer(self, handle: int) -> RemoteArray:
        array = self._arrays[handle]
        return RemoteArray(self.perform, handle, array.shape, array.dtype.str, observed=self._observe)


def _index(parts: list[Any]) -> Any:
    return tuple(_index_part(part) for part in parts)


def _index_part(part: Any) -> Any:
    match part:
        case {"slice": [start, stop, step]}:
            return slice(start, stop, step)
        case {"all": True}:
            return Ellipsis
    return part


def _require_small(operation: str, args: list[Any], options: dict[str, Any]) -> None:
    """Bound the size of the result by what is asked for, before any of it is computed."""
    shapes = [np.shape(a) for a in args if hasattr(a, "shape")]
    sizes = [math.prod(shape) for shape in shapes]
    asked = math.prod(max(1, abs(n)) for n in _integers([*args, *options.values()]))
    if operation in {"matmul", "dot"} and len(shapes) == 2:
        inner = max(1, shapes[0][-1] if shapes[0] else 1)
        size = math.prod(sizes) // inner**2
    elif operation in _OUTER:
        size = math.prod(sizes)
    elif operation in _BY_NUMBERS:
        size = asked * math.prod(sizes)
    elif operation in _TOGETHER:
        size = sum(int(np.size(a)) for a in _leaves(args))
    else:
        size = math.prod(np.broadcast_shapes(*shapes)) if operation not in _MOVES else max(sizes, default=0)
    if size > MAX_SIZE:
        raise ValueError(f"{operation}: a result of more than {MAX_SIZE} numbers is not available here")


def _integers(value: Any) -> list[int]:
    return [int(n) for n in _leaves(value) if isinstance(n, (int, np.integer))]


def _leaves(value: Any) -> list[Any]:
    return [leaf for item in value for leaf in _leaves(item)] if isinstance(value, (list, tuple)) else [value]


def _count(operation: str, args: list[Any], result: Any) -> int:
    """Multiply-adds of an operation that has been done."""
    count = _COUNTS.get(operation)
    return count(args, result) if count else 0


def _contraction(args: list[Any], result: Any) -> int:
    """Without batch axes |a| |b| |c| = (pq)(qr)(pr) is the square of pqr, whatever the axes."""
    return math.isqrt(np.size(args[0]) * np.size(args[1]) * int(np.size(result)))


def _batched(args: list[Any], result: Any) -> int:
    return int(np.size(result)) * int(np.shape(args[0])[-1])


def _elementwise(args: list[Any], result: Any) -> int:
    scaling = any(not isinstance(a, (np.ndarray, np.generic)) and np.ndim(a) == 0 for a in args[:2])
    return 0 if scaling else int(np.size(result))


def _einsum(args: list[Any], result: Any) -> int:  # noqa: ARG001
    """The product of all dimensions that are named; with one operand nothing is multiplied."""
    inputs = str(args[0]).replace(" ", "").partition("->")[0].split(",")
    if len(inputs) < 2:
        return 0
    lengths = {
        letter: n
        for letters, array in zip(inputs, args[1:], strict=True)
        for letter, n in zip(letters, np.shape(array), strict=True)
    }
    return math.prod(lengths.values())


_COUNTS: Final[dict[str, Callable[[list[Any], Any], int]]] = {
    **dict.fromkeys(("matmul", "vecdot", "vecmat"), _batched),
    "matvec": _batched,
    **dict.fromkeys(("dot", "inner", "outer", "tensordot", "vdot", "multiply.outer"), _contraction),
    "multiply": _elementwise,
    "einsum": _einsum,
}
