"""Brings the arguments of an operation into one form: by name, each of a kind that its name stands for.

Student code, or a hostile process in its place, can give an argument by position or by name, as a list, a number, an
array of its own or an array of the grader. From here on there is one form, so the rules of sizes.py see everything that
the operation will see. No argument is converted before its size is known.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from autograder.meter import sizes
from autograder.meter.executing import joined
from autograder.sandbox.worker.layouts import NUMBERS
from autograder.sandbox.worker.remote import RemoteArray
from autograder.sandbox.worker.sharing import map_leaves

MAX_SIZE: Final = 1 << 20  # entries of one array
MAX_PARTS: Final = 1 << 16  # of one list, at any depth: numbers, arrays, handles
MAX_PLACES: Final = 64  # of a shape, of axes, of an index: NumPy's arrays have at most 64 axes
_ORDERS: Final = {"C", "F", "A", "K"}
_MAX_NAME: Final = 16  # letters of a dtype's name: NumPy parses longer ones, with commas and brackets
_INTEGERS: Final = range(-(1 << 63), 1 << 64)  # beyond, NumPy computes with Python's integers: 9 ** (9 ** 9)


class Form(NamedTuple):
    """The names of an operation's arguments. rest: the one of `placed` that can also be several arguments."""

    placed: tuple[str, ...]
    named: tuple[str, ...]
    rest: str


@functools.cache
def form_of(takes: str) -> Form:
    """See MeterRule."""
    placed, _, named = takes.partition("/")
    words = placed.split()
    rest = "".join(word[1:] for word in words if word.startswith("*"))
    return Form(tuple(word.removeprefix("*") for word in words), tuple(named.split()), rest)


def by_name(operation: str, form: Form, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Each argument under its name. Raises TypeError if one is missing, unknown or given twice."""
    args = list(args)
    if form.rest and len(args) >= len(form.placed):
        several = args[len(form.placed) - 1 :]
        whole = len(several) == 1 and form.rest != "arrays" and (several[0] is None or not _is_number(several[0]))
        args[len(form.placed) - 1 :] = several if whole else [several]
    names = form.placed + form.named
    if len(args) > len(names):
        raise TypeError(f"{operation}: expected at most {len(names)} arguments, got {len(args)}")
    given = dict(zip(names, args, strict=False))
    for name in sorted(kwargs):
        if name == "optimize":  # of einsum: no other order of multiplication is possible here
            continue
        if name not in names or name in given:
            raise TypeError(f"{operation}: the argument {name[:80]!r} is not available here")
        given[name] = kwargs[name]
    missing = [name for name in form.placed if name not in given and name not in {form.rest} - {"arrays"}]
    if missing:
        raise TypeError(f"{operation}: the argument {missing[0]!r} is missing")
    # With None most options are as if not given; an axis of None means all axes.
    return {k: v for k, v in given.items() if v is not None or k in form.placed or k == "axis"}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.generic))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads arguments of student code. Raises TypeError or ValueError.

    library: of the grader's arrays.  held: gives the array of a handle.
    only_float64: whether every floating dtype becomes float64. One that is longer always does.
    """

    library: Any
    held: Callable[[RemoteArray], Any]
    only_float64: bool = False

    def read(self, name: str, value: Any) -> Any:
        """The argument of this name, in the form in which it is executed."""
        reading = _KINDS.get(name)
        return reading(self, value) if reading else few(plain(value))

    def operands(self, values: Any) -> list[Any]:
        """Several operands."""
        return [self.operand(value) for value in values]

    def operand(self, value: Any) -> Any:
        """An array of the library or a number. A list becomes an array, if it is small enough."""
        match value:
            case RemoteArray():
                return self.held(value)
            case list() | tuple():
                return joined(self.library, self.parts(value))
            case np.ndarray():
                return self.library.asarray(_small(value)) if value.ndim else value[()]
        return plain(value)

    def parts(self, value: Any) -> Any:
        """The same lists, with arrays and numbers in them. Raises ValueError if all of them would be too large."""
        if _parts_of(value) > MAX_PARTS:
            raise ValueError(f"a list of more than {MAX_PARTS} parts is not available here")
        parts = self._listed(value)
        if max(sizes.shape_of(parts)[:1], default=0) > MAX_PARTS:  # NumPy makes a list of its rows, 300 bytes each
            raise ValueError(f"an array of more than {MAX_PARTS} rows cannot be joined here")
        if sizes.together(parts) > MAX_SIZE:
            raise ValueError(f"a list of arrays with more than {MAX_SIZE} numbers is not available here")
        return parts

    def _listed(self, value: Any) -> Any:
        return [self._listed(item) for item in value] if isinstance(value, (list, tuple)) else self.operand(value)

    def index(self, parts: Any) -> list[Any]:
        """An index, from the list of its parts. Raises ValueError if they are too many."""
        few(parts, deep=False)
        if sum(isinstance(part, dict) and "all" in part for part in parts) > 1:
            raise IndexError("an index can have one ellipsis only")
        return [self._index_part(part) for part in parts]

    def place(self, value: Any) -> list[Any]:
        """An index without arrays of the grader."""
        return self.index(plain(value))

    def at(self, value: Any) -> list[Any]:
        """An index as `add.at` takes it: one part, or a tuple of parts."""
        return self.index(value if isinstance(value, tuple) else [value])

    def dtype(self, name: Any) -> np.dtype[Any]:
        """The dtype of this name. Raises TypeError unless it is one of those that travel.

        With only_float64 every floating dtype is float64, and no other is possible: a sum as integers would round.
        """
        if not isinstance(name, str) or len(name) > _MAX_NAME:
            raise TypeError("a dtype must be a name such as 'float64'")
        dtype = np.dtype(name)
        if dtype.kind == "f" and dtype.itemsize > 8:
            return np.dtype(np.float64)
        if dtype not in NUMBERS or (self.only_float64 and dtype.kind != "f"):
            raise TypeError(f"arrays of dtype {dtype} are not available here")
        return np.dtype(np.float64) if self.only_float64 else dtype

    def _index_part(self, part: Any) -> Any:
        """Of an index: an array, a number, or what remote.py makes of a slice or an ellipsis."""
        match part:
            case {"slice": [start, stop, step]}:
                return {"slice": [plain(start), plain(stop), plain(step)]}
            case [] | ():
                return self.library.zeros(0, dtype="i8")
        return self.operand(part)

    def target(self, out: Any) -> Any:
        """An array of the grader. Numbers in another would leave with the reply."""
        if not isinstance(out, RemoteArray):
            raise TypeError("results go into an array that stays with the grader. Hint: a = a + b instead of a += b")
        return self.held(out)


def few(value: Any, *, deep: bool = True) -> Any:
    """The value, if it is a number or has few numbers, as a shape, axes or an index have. Raises ValueError.

    deep: count the numbers in lists and arrays, and not only the parts of the list.
    """
    parts = sum(map(_numbers_of, value)) if deep and isinstance(value, (list, tuple)) else _numbers_of(value)
    if parts > MAX_PLACES:
        raise ValueError(f"more than {MAX_PLACES} numbers are no shape, no axes and no index")
    return value


def _numbers_of(value: Any) -> int:
    if isinstance(value, (list, tuple)):
        return len(value)
    return sizes.entries(value)


def plain(value: Any) -> Any:
    """A number, an array of the student's, or lists of them. Raises TypeError if it holds an array of the grader."""
    return map_leaves(value, _plain_leaf)


def _plain_leaf(value: Any) -> Any:
    match value:
        case np.ndarray():
            return _small(value)
        case None:
            return None
    return number(value)


def number(value: Any) -> Any:
    """A number. Raises TypeError, also for an integer of more than 64 bits."""
    match value:
        case np.timedelta64():  # one of NumPy's integers
            pass
        case bool() | float() | np.bool_() | np.integer() | np.floating():
            return value
        case int() if value in _INTEGERS:
            return value
    raise TypeError(f"a {type(value).__name__} cannot be a size, an index or an option here")


def order_of(value: Any) -> str:
    """An order of an array's numbers in memory. Raises TypeError."""
    if text(value) not in _ORDERS:
        raise TypeError(f"an order is one of {', '.join(sorted(_ORDERS))}")
    return text(value)


def text(value: Any) -> str:
    """Text. Raises TypeError."""
    if type(value) is not str:
        raise TypeError(f"expected text, got a {type(value).__name__}")
    return value


def _small(array: np.ndarray) -> np.ndarray:
    if array.dtype not in NUMBERS:
        raise TypeError(f"arrays of dtype {array.dtype} are not available here")
    if sizes.entries(array) > MAX_SIZE:
        raise ValueError(f"an array of more than {MAX_SIZE} numbers is not available here")
    return array


def _parts_of(value: Any) -> int:
    return sum(map(_parts_of, value)) if isinstance(value, (list, tuple)) else 1


# By the argument's name. Any other argument is a plain value.
_KINDS: Final[dict[str, Callable[[Reader, Any], Any]]] = {
    **dict.fromkeys("a b c a_min a_max indices where".split(), Reader.operand),
    "arrays": Reader.operands,
    **dict.fromkeys(
        "M atol axis1 axis2 copy ddof k keepdims n offset ord rtol".split(), lambda _, value: number(value)
    ),
    "at": Reader.at,
    "fill_value": lambda _, value: plain(value),
    "dtype": Reader.dtype,
    "index": Reader.index,
    "order": lambda _, value: order_of(value),
    "out": Reader.target,
    "parts": Reader.parts,
    "repeats": lambda _, value: plain(value),
    "place": Reader.place,
    "subscripts": lambda _, value: text(value),
}
