"""`student` and `reference` for a check on a device: the check sees NumPy arrays, the device computes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.authoring.student import Student, one_by_one
from autograder.errors import RaisedError
from autograder.meter import Meter
from autograder.sandbox.worker.formulas import Expression
from autograder.sandbox.worker.remote import RemoteArray
from autograder.sandbox.worker.sharing import Callback, map_leaves
from reference_impl.backend import to_numpy


class DeviceStudent:
    """A `student` whose floating arrays live on the device. student: asked for everything else."""

    def __init__(self, student: Student, meter: Meter) -> None:
        self._student, self._meter = student, meter
        self._introduced = False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(self._student, name)
        return self._calling(value) if callable(value) else self._fetched(value)

    def each(self, name: str, cases: Sequence[Sequence[Any]]) -> Iterator[Any]:
        """See Student. Arrays stay on the device, and each operation on them is a message, so calls go one by one."""
        return one_by_one(getattr(self, name), cases)

    def keeping(self, name: str, item: int | None = None) -> Callable[..., Any]:
        return self._calling(self._student.keeping(name, item))

    def keep(self, value: Any) -> Any:
        return self._student.keep(map_leaves(value, self._sent))

    def keep_each(self, values: Mapping[str, Any]) -> Any:
        return self._student.keep_each(map_leaves(dict(values), self._sent))

    def fetch(self, kept: Any) -> Any:
        """See Student. Arrays come back as NumPy's."""
        return self._fetched(self._student.fetch(kept))

    def overwrite(self, kept: Any, value: Any) -> None:
        self._student.overwrite(kept, map_leaves(value, self._sent))

    def shown(self, name: str) -> Any:
        """See Student. Public checks do not run on a device, so the function works on the caller's NumPy arrays."""
        return self._student.shown(name)

    def run_inside(self, lines: str) -> None:
        """See Student. A check that runs inside computes on no device."""
        self._student.run_inside(lines)

    def run_outside(self, test: str, given: str, names: Mapping[str, str]) -> Any:
        """See Student. A notebook's own test computes on no device."""
        return self._student.run_outside(test, given, names)

    def plot(self, name: str = "", *args: Any, **kwargs: Any) -> Any:
        """See Student. A function that draws gets NumPy's arrays: a device draws nothing."""
        return self._student.plot(name, *args, **kwargs)

    def _calling(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if not self._introduced:  # a kept value can hold arrays of the meter, so all later calls must know it
                self._student.keep(self._meter.array(np.zeros(0, dtype=np.float32)))
                self._introduced = True
            sent, named = map_leaves((args, kwargs), self._sent)
            return self._fetched(function(*sent, **named))

        return call

    def _sent(self, value: Any) -> Any:
        """Send floating arrays to the device, labels and indices unchanged.

        A function of a check still computes on the CPU.
        """
        match value:
            case np.ndarray() if value.dtype.kind == "f":
                return self._meter.array(value.astype(np.float32))
            case np.floating():
                return float(value)  # a float64 scalar would turn every array it meets into float64
            case Callback():
                methods = {name: self._sent(method) for name, method in value.methods.items()}
                return Callback(self._handed(value.function), value.reuse_buffer, methods)
            case Expression():  # it works on what it is given, so its constants live on the device, too
                return value.with_constants(lambda constant: map_leaves(constant, self._sent))
        ours = callable(value) and not isinstance(value, RemoteArray) and not hasattr(value, "owner")
        return self._handed(value) if ours else value

    def _handed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            fetched, named = self._fetched((args, kwargs))
            return map_leaves(function(*fetched, **named), self._sent)

        return call

    def _fetched(self, value: Any) -> Any:
        """The value with NumPy's arrays in place of the meter's. Raises RaisedError if that is not possible."""
        try:
            return self._meter.value(value, others=True)
        except (TypeError, ValueError, LookupError) as error:
            raise RaisedError(type(error).__name__, str(error)) from None


class DeviceReference:
    """A reference module whose functions compute on the device: the same lines, by the array API standard.

    A result has the precision of the arguments, so a check that compares dtypes works on a device, too.
    """

    def __init__(self, module: Any, library: Any) -> None:
        self._module, self._library = module, library

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._module, name)
        if not callable(value) or isinstance(value, type):
            return value

        def call(*args: Any, **kwargs: Any) -> Any:
            dtypes: set[np.dtype[Any]] = set()
            sent, named = map_leaves((args, kwargs), lambda leaf: self._sent(leaf, dtypes))
            dtype = np.float32 if np.dtype(np.float32) in dtypes else np.float64
            return map_leaves(value(*sent, **named), lambda leaf: _fetched(leaf, dtype))

        return call

    def _sent(self, value: Any, dtypes: set[np.dtype[Any]]) -> Any:
        match value:
            case np.ndarray():
                dtypes.add(value.dtype)
                return self._library.asarray(value.astype(np.float32) if value.dtype.kind == "f" else value)
            case np.floating():
                return float(value)
        return value


def _fetched(value: Any, dtype: Any) -> Any:
    if not hasattr(value, "get"):
        return value
    fetched = to_numpy(value)
    return fetched.astype(dtype) if fetched.dtype.kind == "f" else fetched
