"""The meter: arrays that stay in the grader, which executes and counts every operation on them.

So the grader observes whether code works forward or in reverse. The counted multiply-adds are those that were really
done, in the grader's process, where a hostile notebook cannot change them. With another array library as `namespace`,
the same student code computes on a GPU, which its sandbox does not have.

Only operations of an allow-list are possible, and their size is bounded before anything is computed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, Final

import numpy as np

from autograder.meter.executing import execute
from autograder.meter.operations import ANYTHING, OBSERVABLE, MeterRule
from autograder.sandbox.worker.remote import RemoteArray
from autograder.sandbox.worker.sharing import map_leaves
from reference_impl.backend import to_numpy

MAX_SIZE: Final = 1 << 20  # entries of one array
MAX_BYTES: Final = 256 << 20  # all arrays of one meter
MAX_WORK: Final = 1 << 28  # multiply-adds of one operation
_KINDS = "fiub"  # of dtypes; an object array would compute with the worker's own objects
_ORDERS = {"C", "F", "A", "K"}
_NAMES = {"getitem", "setitem"}
_namespace: ContextVar[Any] = ContextVar("namespace", default=np)


class Meter:
    """Makes arrays for student code, and counts the operations on them.

    observe: refuse every way to take a number out, and everything that is not a move, a sum or a counted
    product. namespace: the array library that computes; by default that of the device on which a check runs, or NumPy.
    makes: whether arrays that student code makes, with np.zeros for example, are this meter's, too.
    refused: operations that student code tried and these arrays do not offer: {name: reason}.
    multiply_adds: products of two numbers done so far; (p × q)(q × r) counts pqr, an elementwise product one
    for each entry of its result. Moves, sums, and scaling by a number of the student count nothing.
    """

    def __init__(self, *, observe: bool = False, namespace: Any = None, makes: bool = False) -> None:
        self.multiply_adds = 0
        self.refused: dict[str, str] = {}
        self._observe, self._makes = observe, observe or makes
        self._namespace = _namespace.get() if namespace is None else namespace
        self._allowed = OBSERVABLE if observe else ANYTHING
        self._kinds = "f" if observe else _KINDS  # rounding to integers would be one more thing that is not counted
        self._arrays: list[Any] = []
        self._bytes = 0
        self._closed = False

    def array(self, values: Any) -> RemoteArray:
        """A remote array with a copy of `values`."""
        return self._keep(self._namespace.array(values))

    def close(self) -> None:
        """Drop all arrays. A handle that student code kept is invalid then."""
        self._closed = True
        self._arrays.clear()

    def value(self, result: Any) -> Any:
        """A student's result, with NumPy copies in place of this meter's arrays, at any depth of lists."""
        if isinstance(result, RemoteArray):
            return to_numpy(self._held(result))
        if isinstance(result, (list, tuple)):
            return [self.value(item) for item in result]
        if isinstance(result, dict):
            return {key: self.value(item) for key, item in result.items()}
        return result

    def perform(self, operation: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Execute one operation for a RemoteArray and count it.

        Raises TypeError, ValueError, or the library's exceptions. An operation that raises is noted in `refused`: the
        code may be right, only its arrays are not NumPy's.
        """
        if operation == "refuse":  # refused in the student's process already: only noted
            self._refused(args[0] if args else None, "takes its numbers out")
            return None
        try:
            return self._performed(operation, args, kwargs)
        except Exception as error:
            self._refused(operation, str(error))
            raise

    def _refused(self, operation: object, why: str) -> None:
        name = operation if type(operation) is str and is_name(operation) else "an operation"
        self.refused.setdefault(name, why)

    def _performed(self, operation: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if self._closed:
            raise TypeError("an array of an earlier check. Hint: keep nothing between calls")
        allowed = self._allowed_operation(operation, args)
        given = {name: value for name, value in kwargs.items() if value is not None and name != "optimize"}
        odd = sorted(set(given) - allowed.options)
        if odd:
            raise TypeError(f"{operation}: the argument {odd[0]!r} is not available here")
        operands = [self._argument(allowed, i, value) for i, value in enumerate(args)]
        options = {name: self._option(name, v) for name, v in given.items()}
        work = _affordable(operation, allowed, operands, options)
        if "out" in options and not options["out"].shape:
            del options["out"]  # a number cannot be changed in place: `s += x` makes a new one, as in Python
        result = execute(self._namespace, operation, operands, options)
        self.multiply_adds += work
        return kwargs["out"] if "out" in options else self._wrap(result)

    def _allowed_operation(self, operation: str, args: list[Any]) -> MeterRule:
        if operation == "linalg.multi_dot":
            raise TypeError("multi_dot chooses its own order of multiplication. Hint: multiply two at a time with @")
        if operation == "einsum":
            _require_subscripts(args, 2 if self._observe else len(args))
        if operation not in self._allowed:
            counted = ", where multiply-adds are being counted" if operation in ANYTHING else ""
            raise TypeError(f"{operation} is not available on an array that stays with the grader{counted}")
        return self._allowed[operation]

    def _argument(self, allowed: MeterRule, position: int, value: Any) -> Any:
        if position in allowed.arrays:
            return self._operand(value)
        return value if position in allowed.texts and type(value) is str else _plain(value)

    def _operand(self, value: Any) -> Any:
        """The object of an argument: the array of a handle, or a local array or number."""
        match value:
            case RemoteArray():
                return self._held(value)
            case list() | tuple():
                return type(value)(self._operand(item) for item in value)
            case np.ndarray() if value.dtype.kind in _KINDS:
                return self._namespace.asarray(value) if value.ndim else value[()]
        return _plain(value)

    def _option(self, name: str, value: Any) -> Any:
        match name:
            case "out":
                return self._into(value)
            case "where":
                return self._operand(value)
        return _plain(value)

    def _into(self, out: Any) -> Any:
        """The target of an operation: an array of the grader. Numbers in another would leave with the reply."""
        if not isinstance(out, RemoteArray):
            raise TypeError("results go into an array that stays with the grader. Hint: a = a + b instead of a += b")
        return self._held(out)

    def _held(self, array: RemoteArray) -> Any:
        if getattr(array.perform, "__self__", None) is not self:
            raise TypeError("an array that belongs to another call. Hint: keep nothing between calls")
        if not 0 <= array.handle < len(self._arrays):
            raise LookupError("no such array")
        return self._arrays[array.handle]

    def _wrap(self, result: Any) -> Any:
        if isinstance(result, (tuple, list)):
            return tuple(self._wrap(item) for item in result)
        if result is None or type(result) in {bool, int, float, str}:
            return result
        return self._keep(self._namespace.asarray(result))

    def _keep(self, array: Any) -> RemoteArray:
        if array.dtype.kind not in self._kinds:
            raise TypeError(f"arrays of dtype {array.dtype} are not available here")
        if array.size > MAX_SIZE or self._bytes + array.nbytes > MAX_BYTES:
            raise ValueError("the arrays would take too much memory")
        self._bytes += array.nbytes
        self._arrays.append(array)
        return self._refer(len(self._arrays) - 1)

    def _refer(self, handle: int) -> RemoteArray:
        array = self._arrays[handle]
        kind = {"observed": self._observe, "makes": self._makes}
        return RemoteArray(self.perform, handle, array.shape, array.dtype.str, **kind)


def _require_subscripts(args: list[Any], most: int) -> None:
    if not args or type(args[0]) is not str or "." in args[0] or len(args) > 1 + most:
        raise TypeError(
            "einsum needs subscripts such as 'ij,jk->ik' and at most two arrays here: with more it chooses its "
            "own order of multiplication. Hint: take two at a time"
        )


def _affordable(operation: str, allowed: MeterRule, args: list[Any], options: dict[str, Any]) -> int:
    """The multiply-adds of the operation. Raises ValueError if they or the result would be too many."""
    size = allowed.size(*args, **options)
    work = allowed.count(args, size)
    if size > MAX_SIZE or work > MAX_WORK:
        raise ValueError(f"{operation}: a result of more than {MAX_SIZE} numbers is not available here")
    return work


@contextlib.contextmanager
def computing_with(namespace: Any) -> Iterator[None]:
    """For a check on a device: while this is open, a Meter that names no array library has this one.

    `judging/device.py` opens it, and nothing else does. An argument cannot replace it: a check makes its own `Meter()`,
    and the same line must serve the CPU and a device.
    """
    token = _namespace.set(namespace)
    try:
        yield
    finally:
        _namespace.reset(token)


def is_name(operation: str) -> bool:
    """Whether NumPy has a function or a method of this name. Only such a name is ever repeated in a message."""
    first, _, second = operation.partition(".")
    function = getattr(np, first, None) if first.isidentifier() else None
    if second:
        return second.isidentifier() and hasattr(function, second)
    return function is not None or first in _NAMES or hasattr(np.ndarray, first)


def _plain(value: Any) -> Any:
    """A number, a dtype, a shape or an index. Raises TypeError if it holds an array of the grader."""
    return map_leaves(value, _plain_leaf)


def _plain_leaf(value: Any) -> Any:
    match value:
        case np.ndarray() if value.dtype.kind in _KINDS:
            return value
        case str() if value in _ORDERS:
            return value
        case str():
            if np.dtype(value).kind not in _KINDS:
                raise TypeError(f"arrays of dtype {np.dtype(value)} are not available here")
            return value
        case None | bool() | int() | float() | np.bool_() | np.integer() | np.floating():
            return value
    raise TypeError(f"a {type(value).__name__} cannot be a size, an index or an option here")
