"""The meter: arrays that stay in the grader, which executes and counts every operation on them.

So the grader observes whether code works forward or in reverse. The counted multiply-adds are those that were really
done, in the grader's process, where a hostile notebook cannot change them. With another array library as `namespace`,
the same student code computes on a GPU, which its sandbox does not have.

Only operations of an allow-list are possible. Their arguments are brought into one form (arguments.py), and the size of
all that they need is bounded before anything is computed (sizes.py). blur.py says why nothing that is not counted can
multiply.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, Final

import numpy as np

from autograder.meter.arguments import MAX_SIZE, Reader, by_name, form_of
from autograder.meter.blur import Blur, sharp
from autograder.meter.executing import execute
from autograder.meter.operations import ANYTHING, OBSERVABLE, MeterRule
from autograder.meter.sizes import volume
from autograder.sandbox.worker.layouts import MAX_AXES, NUMBERS
from autograder.sandbox.worker.remote import RemoteArray
from autograder.sandbox.worker.sharing import map_leaves
from reference_impl.backend import to_numpy

MAX_BYTES: Final = 256 << 20  # all arrays of one meter
MAX_WORK: Final = 1 << 28  # multiply-adds of one operation: 0.1 s
_SLOW: Final = 16  # times as long: dtypes for which processors have no fast products
MAX_ANSWER: Final = 1 << 22  # entries of all arrays in one result of student code
_MAX_OPERANDS: Final = 8  # of einsum
_FLOAT64: Final = np.dtype(np.float64)
_FAST: Final = {_FLOAT64, np.dtype(np.float32)}
_NAMES = {"getitem", "setitem"}
_namespace: ContextVar[Any] = ContextVar("namespace", default=np)


class Meter:
    """Makes arrays for student code, and counts the operations on them.

    observe: refuse every way to take a number out, and everything that is not a move, a sum or a counted
    product. All arrays are float64 then, and results are blurred by some 1e-9 of their size, see blur.py.
    namespace: the array library that computes; by default that of the device on which a check runs, or NumPy.
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
        self._reader = Reader(self._namespace, self._held, only_float64=observe)
        self._blur = Blur()
        self._arrays: dict[int, Any] = {}  # by handle: a random number, so that a handle that was not given is no array
        self._bytes = 0
        self._closed = False

    def array(self, values: Any) -> RemoteArray:
        """A remote array with a copy of `values`."""
        if self._observe:
            self._blur.depend_on(np.asarray(values))
        return self._keep(self._namespace.array(values))

    def close(self) -> None:
        """Drop all arrays. A handle that student code kept is invalid then."""
        self._closed = True
        self._arrays.clear()

    def value(self, result: Any, *, others: bool = False) -> Any:
        """A student's result, with NumPy copies in place of this meter's arrays, at any depth of lists and dicts.

        An array that is there several times is copied once. others: whether handles of other meters may be there; they
        stay. Raises TypeError for one that may not, LookupError for an array that does not exist, ValueError if all
        arrays are too large.
        """
        copies: dict[int, Any] = {}
        entries = 0

        def fetched(leaf: Any) -> Any:
            nonlocal entries
            if not isinstance(leaf, RemoteArray) or (others and not self._owns(leaf)):
                return leaf
            array = self._held(leaf)
            entries += volume(array.shape)
            if entries > MAX_ANSWER:
                raise ValueError(f"a result with more than {MAX_ANSWER} numbers")
            if leaf.handle not in copies:
                copy = to_numpy(array)
                copies[leaf.handle] = sharp(copy) if self._observe else copy
            return copies[leaf.handle]

        return map_leaves(result, fetched)

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
        self.refused.setdefault(name, why[:200])

    def _performed(self, operation: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if self._closed:
            raise TypeError("an array of an earlier check. Hint: keep nothing between calls")
        rule = self._rule(operation)
        form = form_of(rule.takes)
        given = by_name(operation, form, args, kwargs)
        if operation == "einsum":
            _require_subscripts(given, 2 if self._observe else _MAX_OPERANDS)
        named = {name: self._reader.read(name, value) for name, value in given.items()}
        placed = [named.pop(name) for name in form.placed if name in named]
        work = _affordable(operation, rule, placed, named)
        if "out" in named and not named["out"].shape:
            del named["out"]  # a number cannot be changed in place: `s += x` makes a new one, as in Python
        perform = self._blur.execute if self._observe and rule.computes else execute
        result = perform(self._namespace, operation, placed, named)
        self.multiply_adds += work
        return given["out"] if "out" in named else self._wrap(result)

    def _rule(self, operation: str) -> MeterRule:
        if operation == "linalg.multi_dot":
            raise TypeError("multi_dot chooses its own order of multiplication. Hint: multiply two at a time with @")
        if operation not in self._allowed:
            counted = ", where multiply-adds are being counted" if operation in ANYTHING else ""
            raise TypeError(f"{operation} is not available on an array that stays with the grader{counted}")
        return self._allowed[operation]

    def _owns(self, array: RemoteArray) -> bool:
        return getattr(array.perform, "__self__", None) is self

    def _held(self, array: RemoteArray) -> Any:
        if not self._owns(array):
            raise TypeError("an array that belongs to another call. Hint: keep nothing between calls")
        if array.handle not in self._arrays:
            raise LookupError("no such array")
        return self._arrays[array.handle]

    def _wrap(self, result: Any) -> Any:
        if isinstance(result, (tuple, list)):
            return tuple(self._wrap(item) for item in result)
        if result is None or type(result) in {bool, int, float, str}:
            return result
        return self._keep(self._namespace.asarray(result))

    def _keep(self, array: Any) -> RemoteArray:
        if array.dtype.kind == "f" and (self._observe or array.dtype.itemsize > 8):
            array = array.astype(_FLOAT64, copy=False)
        if array.dtype not in ([_FLOAT64] if self._observe else NUMBERS):
            raise TypeError(f"arrays of dtype {array.dtype} are not available here")
        if volume(array.shape) > MAX_SIZE or self._bytes + array.nbytes > MAX_BYTES or array.ndim > MAX_AXES:
            raise ValueError("the arrays would take too much memory")
        self._bytes += array.nbytes
        handle = secrets.randbits(63)
        self._arrays[handle] = array
        kind = {"observed": self._observe, "makes": self._makes}
        return RemoteArray(self.perform, handle, array.shape, array.dtype.str, **kind)


def _require_subscripts(given: dict[str, Any], most: int) -> None:
    subscripts, arrays = given["subscripts"], given["arrays"]
    if type(subscripts) is not str or "." in subscripts or type(arrays) is not list or len(arrays) > most:
        raise TypeError(
            "einsum needs subscripts such as 'ij,jk->ik' and at most two arrays here: with more it chooses its "
            "own order of multiplication. Hint: take two at a time"
        )


def _affordable(operation: str, rule: MeterRule, placed: list[Any], named: dict[str, Any]) -> int:
    """The multiply-adds of the operation. Raises ValueError if they or its arrays would be too many."""
    size, work = rule.size(*placed, **named), rule.count(*placed, **named)
    if size > MAX_SIZE or work * (1 if _is_fast(placed) else _SLOW) > MAX_WORK:
        raise ValueError(f"{operation}: a result of more than {MAX_SIZE} numbers is not available here")
    return work


def _is_fast(value: Any) -> bool:
    return all(map(_is_fast, value)) if isinstance(value, list) else getattr(value, "dtype", _FLOAT64) in _FAST


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
