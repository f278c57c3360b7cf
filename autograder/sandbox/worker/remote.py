"""An array that lives with the grader: every operation on it is executed there, and can be counted there.

Student code meets it as an argument and uses it as an array of NumPy's: operators, indexing and assignment,
`.T`, `.shape`, methods, and NumPy's own functions through the protocols of NEP 13 and NEP 18. What it never
gets is the numbers: while an order is being observed, a number that left could be multiplied unseen.

The same class serves in the sandbox (`perform` asks the grader) and in one process (`perform` is the meter).
Imports NumPy only: it is read into the worker, where there is nothing else.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

Perform = Callable[[str, list[Any], dict[str, Any]], Any]
REFUSED = (
    "this array stays with the grader, which executes and counts what you do with it: {} would take its numbers "
    "out. Hint: use @, *, +, sums, indexing and NumPy's functions on it"
)


class RemoteArray(NDArrayOperatorsMixin):
    """A handle with NumPy's manners.

    perform(operation, args, kwargs): executes one and returns arrays of this kind, or plain values.
    shape, dtype: as NumPy's.  observed: whether even single numbers stay where they are.
    """

    __slots__ = ("dtype", "handle", "observed", "perform", "shape")
    __hash__ = None  # type: ignore[assignment]  # as an array's: == is elementwise

    def __init__(self, perform: Perform, handle: int, shape: tuple[int, ...], dtype: str, *, observed: bool) -> None:
        self.perform, self.handle, self.observed = perform, handle, observed
        self.shape, self.dtype = shape, np.dtype(dtype)

    ndim = property(lambda self: len(self.shape))
    size = property(lambda self: int(np.prod(self.shape, dtype=np.int64)))
    T = property(lambda self: self.perform("transpose", [self], {}))

    def __repr__(self) -> str:
        return f"<an array of shape {self.shape} that stays with the grader>"

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        out = kwargs.pop("out", None)
        if out is not None:
            kwargs["out"] = out[0]
        return self._do(name, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return self._do(function.__name__, args, kwargs)

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
        raise TypeError(REFUSED.format("np.array or np.asarray"))

    def __float__(self) -> float:
        return float(self._number("float()"))

    def __int__(self) -> int:
        return int(self._number("int()"))

    __index__ = __int__

    def __bool__(self) -> bool:
        return bool(self._number("a comparison used as True or False"))

    def __copy__(self) -> Any:
        return self.perform("copy", [self], {})

    def __deepcopy__(self, _: Any) -> Any:
        return self.__copy__()

    def __getattr__(self, name: str) -> Any:
        """Methods: those of an array that are functions of NumPy as well."""
        if name.startswith("_"):
            raise AttributeError(name)
        if name in {"tolist", "item", "tobytes", "dump", "dumps", "tofile", "data", "view", "flat", "base"}:
            raise TypeError(REFUSED.format(f".{name}"))
        if not hasattr(np.ndarray, name):
            raise AttributeError(f"an array has no attribute {name!r}")
        return lambda *args, **kwargs: self._do(name, (self, *args), kwargs)

    def _do(self, operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self.perform(operation, [_plain(a) for a in args], {k: _plain(v) for k, v in kwargs.items()})

    def _number(self, what: str) -> Any:
        if self.observed:
            raise TypeError(REFUSED.format(what))
        return self.perform("item", [self], {})


def _plain(value: Any) -> Any:
    """Types and dtypes by name, since neither travels: `x.astype(float)`, `np.sum(x, dtype=np.float32)`."""
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


@contextlib.contextmanager
def made_with_the_grader(array: RemoteArray, names: dict[str, Any]) -> Iterator[None]:
    """Meanwhile np.zeros, np.array and the like, as the notebook knows them, make arrays beside `array`.

    `C = np.zeros((m, n))` followed by `C[i, j] += …` is how a loop is written; a local C could not hold a
    number that must not leave the grader. NumPy itself stays as it is: it calls these functions, too.
    names: the notebook's namespace, where `np`, `numpy` or a bare `zeros` are exchanged for the time.
    """
    instead = {name: _maker(array, name) for name in _MAKERS}
    instead |= {name: _converter(array, getattr(np, name)) for name in _CONVERTERS}
    by_identity: dict[int, Any] = {id(getattr(np, name)): function for name, function in instead.items()}
    by_identity[id(np)] = _Numpy(instead)
    original = {name: value for name, value in names.items() if id(value) in by_identity}
    names.update({name: by_identity[id(value)] for name, value in original.items()})
    try:
        yield
    finally:
        names.update(original)


class _Numpy:
    """The numpy module, a few functions exchanged."""

    def __init__(self, instead: dict[str, Callable[..., Any]]) -> None:
        self.__dict__.update(instead)

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


_MAKERS = ("empty", "eye", "full", "identity", "ones", "zeros")
_CONVERTERS = ("array", "asanyarray", "asarray", "ascontiguousarray")


def _maker(array: RemoteArray, name: str) -> Callable[..., Any]:
    def make(*args: Any, dtype: Any = None, order: Any = None, **kwargs: Any) -> Any:  # noqa: ARG001
        return array.perform(name, list(args), {**kwargs, "dtype": None if dtype is None else np.dtype(dtype).str})

    return make


def _converter(array: RemoteArray, function: Callable[..., Any]) -> Callable[..., Any]:
    def convert(value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, RemoteArray):
            return value.__copy__() if function.__name__ == "array" else value
        if isinstance(value, (list, tuple)) and _holds_remote(value):
            return array.perform("array", [_as_lists(value)], {})
        return function(value, *args, **kwargs)

    return convert


def _holds_remote(value: Any) -> bool:
    return isinstance(value, RemoteArray) or (
        isinstance(value, (list, tuple)) and any(_holds_remote(item) for item in value)
    )


def _as_lists(value: Any) -> Any:
    return [_as_lists(item) for item in value] if isinstance(value, (list, tuple)) else value
