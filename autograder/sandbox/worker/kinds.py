"""Kinds of values that travel as a list of their parts, each part a value of the table in wire.py.

A kind's home is a module of this package, such as `pandas_kinds`. It is imported when a value of this home is met, so
an assignment that uses NumPy only pays nothing. A home has a dict `KINDS`: the kind of each type, which must be exactly
this type. A value of a subclass stays in its process.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np

from .layouts import WireError


class Stays(Exception):
    """A part does not travel, so the whole value stays in its process."""


class Kind(NamedTuple):
    """How values of one type travel.

    name: the home, a dot, a word.  apart: the list of a value's parts; raises Stays or WireError.  together: the value
    of such parts. They can be hostile, so it checks each of them, and raises whatever exception: each makes the frame
    malformed.  large: whether it takes much memory and time beside its parts, see outline.py.
    """

    name: str
    apart: Callable[[Any], list[Any]]
    together: Callable[..., Any]
    large: bool = False


_HOMES: Final = {"python": "builtins", "numpy": "numpy", "pandas": "pandas", "sparse": "scipy.sparse"}  # their library
_BUILT_IN: Final = frozenset({complex, set, frozenset})
# The home of another type, by the top package of the type's module.
_HOME_OF: Final = {
    **dict.fromkeys(("collections", "datetime", "decimal", "fractions"), "python"),
    "numpy": "numpy",
    "pandas": "pandas",
    "scipy": "sparse",
}
_by_type: dict[type, Kind | None] = {}
_by_name: dict[str, Kind] = {}
_code: dict[str, types.CodeType] = {}  # of homes that are not open


def kind_of(value: object) -> Kind | None:
    """The kind of a value, or None. Subclasses of ndarray count as ndarray."""
    of_type = np.ndarray if isinstance(value, np.ndarray) else type(value)
    if of_type not in _by_type:
        _open_home(_home_of(of_type))
        _by_type.setdefault(of_type, None)  # a function is met in every call
    return _by_type[of_type]


def _home_of(of_type: type) -> str:
    """The home of a type, or "". A class can name any module as its own, so the module must be imported already."""
    if of_type in _BUILT_IN:
        return "python"
    package = str(of_type.__module__).partition(".")[0]
    return _HOME_OF.get(package, "") if package in sys.modules else ""


def kind_named(name: object) -> Kind:
    """The kind of this name. Raises WireError."""
    if type(name) is not str:
        raise WireError("a value without a kind")
    if name not in _by_name:
        _open_home(name.partition(".")[0])
    if name not in _by_name:
        raise WireError("a kind that is not in the table")
    return _by_name[name]


def get_ready() -> None:
    """For the zygote: open the homes whose library is imported, and read the code of the others.

    A submission's process cannot read this folder, and its notebook may import a library later.
    """
    for home, library in _HOMES.items():
        if library in sys.modules:
            _open_home(home)
        else:
            name = f"{__package__}.{home}_kinds"
            loader: Any = importlib.util.find_spec(name).loader  # type: ignore[union-attr]  # it is there
            _code[home] = loader.get_code(name)


def _open_home(home: str) -> None:
    if home not in _HOMES:
        return
    try:
        kinds: dict[type, Kind] = _module_of(home).KINDS
    except (ImportError, AttributeError):  # AttributeError: a student's module of this name
        raise WireError(f"a value of {_HOMES[home]}, which this process does not have") from None
    _by_type.update(kinds)
    _by_name.update({kind.name: kind for kind in kinds.values()})


def _module_of(home: str) -> Any:
    name = f"{__package__}.{home}_kinds"
    if name not in sys.modules and home in _code:
        module = types.ModuleType(name)
        module.__package__ = __package__
        exec(_code[home], module.__dict__)  # noqa: S102 — this package's own code
        sys.modules[name] = module
    return importlib.import_module(name)


def require(holds: object, what: str) -> None:
    """Raise WireError about parts that do not make a value of `what`."""
    if not holds:
        raise WireError(f"malformed parts of {what}")
