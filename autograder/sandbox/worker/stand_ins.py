"""Lets a function of another process work on objects that cannot leave this one: names stand for them on the way.

An exchanged function belongs to the author. It may sort a graph, or look for the first or the last of some things,
without a look at what they are. An object of the student's own class is handed over as a text, the same one for the
same object, and the texts of the answer become the objects again. All of this runs in the student's process.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from .kinds import kind_of
from .remote import RemoteArray
from .sharing import Kept

_TRAVELS = (bool, int, float, str, bytes, type(None), np.ndarray, np.generic, Kept, RemoteArray)


def with_stand_ins(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, for arguments that hold objects of any class in lists, tuples, sets and dicts."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        objects = _StandIns()
        given, named = objects.put(args), objects.put(kwargs)
        if not objects.of:
            return function(*args, **kwargs)
        return objects.back(function(*given, **named))

    return call


class _StandIns:
    """The objects of one call. of: by the text that stands for each."""

    def __init__(self) -> None:
        self.of: dict[str, Any] = {}
        self._names: dict[int, str] = {}  # by id: two objects can call themselves equal

    def put(self, value: Any) -> Any:
        """A copy of the value with texts in the place of objects."""
        if isinstance(value, dict):
            return {self.put(key): self.put(item) for key, item in value.items()}
        if isinstance(value, (tuple, list, set, frozenset)):
            items = map(self.put, value)
            return set(items) if isinstance(value, (set, frozenset)) else _kind(value)(items)
        if isinstance(value, _TRAVELS) or callable(value) or kind_of(value) is not None:
            return value
        if id(value) not in self._names:
            self._names[id(value)] = name = f"object {len(self.of)}"
            self.of[name] = value
        return self._names[id(value)]

    def back(self, value: Any) -> Any:
        """The value with objects in the place of their texts."""
        match value:
            case dict():
                return {self.back(key): self.back(item) for key, item in value.items()}
            case tuple() | list() | set() | frozenset():
                return _kind(value)(map(self.back, value))
            case str():
                return self.of.get(value, value)
        return value


def _kind(value: Any) -> type:
    """The built-in type that a value is of."""
    return next(kind for kind in (tuple, list, set, frozenset) if isinstance(value, kind))
