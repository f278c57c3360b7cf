"""An array that stays in the grader: the grader executes every operation on it, and can count it.

Student code gets it as an argument and uses it like a NumPy array: operators, indexing and assignment,
`.T`, `.shape`, methods, and NumPy's own functions through the protocols of NEP 13 and NEP 18. While an
order is observed, student code never gets the numbers: the grader could not count products of plain numbers.

The same class serves in the sandbox (`perform` asks the grader) and in one process (`perform` is the meter).
It imports NumPy only, because the worker uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

Perform = Callable[[str, list[Any], dict[str, Any]], Any]
REFUSED = (
    "this array stays with the grader, which executes and counts what you do with it: {} would take its numbers "
    "out. Hint: use @, *, +, sums, indexing and NumPy's functions on it"
)


class RemoteArray(NDArrayOperatorsMixin):
    """A handle that behaves like a NumPy array.

    perform(operation, args, kwargs): executes the operation. Returns arrays of this kind, or plain values.
    shape, dtype: as NumPy's.  observed: whether single numbers stay in the grader, too.
    makes: whether the notebook's np.zeros and the like make arrays of its owner; see made_with_the_grader.
    """

    __slots__ = ("dtype", "handle", "makes", "observed", "perform", "shape")
    __hash__ = None  # type: ignore[assignment]  # as an array's: == is elementwise

    def __init__(
        self,
        perform: Perform,
        handle: int,
        shape: tuple[int, ...],
        dtype: str,
        *,
        observed: bool,
        makes: bool | None = None,
    ) -> None:
        self.perform, self.handle, self.observed = perform, handle, observed
        self.makes = observed if makes is None else makes
        self.shape, self.dtype = shape, np.dtype(dtype)

    ndim = property(lambda self: len(self.shape))
    size = property(lambda self: int(np.prod(self.shape, dtype=np.int64)))
    itemsize = property(lambda self: self.dtype.itemsize)
    nbytes = property(lambda self: self.size * self.dtype.itemsize)
    T = property(lambda self: self.perform("transpose", [self], {}))
    mT = property(lambda self: self.perform("swapaxes", [self, -1, -2], {}))

    def __repr__(self) -> str:
        return f"<an array of shape {self.shape} that stays with the grader>"

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        out = kwargs.pop("out", None)
        if out is not None:
            kwargs["out"] = out[0]
        return self._do(name, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if function in _LOCAL and len(args) == 1 and isinstance(args[0], RemoteArray):
            return getattr(args[0], function.__name__)
        name = function.__name__
        return self._do(f"linalg.{name}" if function.__module__ == "numpy.linalg" else name, args, kwargs)

    def __getitem__(self, key: Any) -> Any:
        return self.perform("getitem", [self, _sent(key)], {})

    def __setitem__(self, key: Any, value: Any) -> None:
        self.perform("setitem", [self, _sent(key), value], {})

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of an array without axes")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __array__(self, *_: Any, **__: Any) -> Any:
        self._refuse("np.array or np.asarray", "asarray")

    def __float__(self) -> float:
        return float(self._number("float()"))

    def __int__(self) -> int:
        return int(self._number("int()"))

    __index__ = __int__

    def __bool__(self) -> bool:
        return bool(self._number("a comparison used as True or False"))

    def __format__(self, how: str) -> str:
        return format(self._number("a text of it"), how) if how and not self.shape else repr(self)

    def __round__(self, digits: int | None = None) -> Any:
        return round(self._number("round()"), digits)

    def __copy__(self) -> Any:
        return self.perform("copy", [self], {})

    def __deepcopy__(self, _: Any) -> Any:
        return self.__copy__()

    def __getattr__(self, name: str) -> Any:
        """A method of an array that is a NumPy function, too. Raises AttributeError, or TypeError if it is refused."""
        if name.startswith("_"):
            raise AttributeError(name)
        if name == "item" and not self.observed:
            return self._item
        if name in {"tolist", "item", "tobytes", "dump", "dumps", "tofile", "view"}:
            self._refuse(f".{name}", name)
        if not hasattr(np.ndarray, name):
            raise AttributeError(f"an array has no attribute {name!r}")
        if not callable(getattr(np.ndarray, name)):  # .flat, .data, .strides: views of the grader's memory
            self._refuse(f".{name}", name)
        return lambda *args, **kwargs: self._do(name, (self, *args), kwargs)

    def _item(self, *place: int) -> Any:
        if place:
            return self[place].item()
        return self.perform("item", [self], {})

    def _refuse(self, what: str, operation: str) -> NoReturn:
        """Tell the grader, so that it does not count the code as wrong. Raises TypeError."""
        self.perform("refuse", [operation], {})
        raise TypeError(REFUSED.format(what))

    def _do(self, operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self.perform(operation, [_plain(a) for a in args], {k: _plain(v) for k, v in kwargs.items()})

    def _number(self, what: str) -> Any:
        if self.observed:
            self._refuse(what, "item")
        return self.perform("item", [self], {})


_LOCAL = frozenset({np.shape, np.ndim, np.size})  # known in this process, so the grader is not asked


def _plain(value: Any) -> Any:
    """A type or dtype as its name, since neither travels: `x.astype(float)`, `np.sum(x, dtype=np.float32)`."""
    return np.dtype(value).str if isinstance(value, (type, np.dtype)) else value


def _sent(key: Any) -> Any:
    """An index as data: a list of its parts, a slice as its three numbers, an ellipsis by name."""
    if isinstance(key, tuple):
        return [_sent_part(part) for part in key]
    return [_sent_part(key)]


def _sent_part(part: Any) -> Any:
    if isinstance(part, slice):
        return {"slice": [None if n is None else int(n) for n in (part.start, part.stop, part.step)]}
    if part is Ellipsis:
        return {"all": True}
    return part
