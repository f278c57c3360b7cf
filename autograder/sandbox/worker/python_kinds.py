"""Values of Python's own types that travel as parts: sets, special dicts, dates and times, three kinds of numbers."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from .kinds import Kind, Stays, require
from .outline import require_fast_keys

MAX_DIGITS: Final = 10_000  # of a Decimal, and of its exponent: int(Decimal("1e999999999")) would take all memory
_ZONE: Final = re.compile(r"[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}")
_MICROSECOND: Final = dt.timedelta(microseconds=1)


def whole_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, for arguments that are all int. Python's date takes bytes, too, and then checks little."""

    def call(*numbers: Any) -> Any:
        require(all(type(number) is int for number in numbers), "a date or time")
        return function(*numbers)

    return call


def zone_apart(zone: Any) -> str | int | None:
    """A time zone as its name, or as its distance from UTC in microseconds. Raises Stays for one of another library."""
    if zone is None:
        return None
    if zone is dt.UTC:
        return "UTC"
    if type(zone) is dt.timezone:
        return zone.utcoffset(None) // _MICROSECOND
    name = getattr(zone, "key", None) or getattr(zone, "zone", None)  # of zoneinfo; of pytz
    if type(name) is not str or not _ZONE.fullmatch(name):
        raise Stays
    return name


def zone_together(zone: Any) -> dt.tzinfo | None:
    require(zone is None or type(zone) is int or (type(zone) is str and _ZONE.fullmatch(zone)), "a time zone")
    if zone is None:
        return None
    if zone == "UTC":
        return dt.UTC
    return dt.timezone(zone * _MICROSECOND) if type(zone) is int else zoneinfo.ZoneInfo(zone)


def _complex(real: Any, imaginary: Any) -> complex:
    require(type(real) is float and type(imaginary) is float, "a complex number")
    return complex(real, imaginary)


def _timedelta_apart(value: dt.timedelta) -> list[Any]:
    return [value.days, value.seconds, value.microseconds]


def _datetime_apart(value: dt.datetime) -> list[Any]:
    fields = [value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond]
    return [*fields, value.fold, zone_apart(value.tzinfo)]


def _datetime(*fields: Any) -> dt.datetime:
    *numbers, fold, zone = fields
    plain: dt.datetime = whole_numbers(dt.datetime)(*numbers)
    return plain.replace(fold=fold, tzinfo=zone_together(zone))


def _time_apart(value: dt.time) -> list[Any]:
    return [value.hour, value.minute, value.second, value.microsecond, value.fold, zone_apart(value.tzinfo)]


def _time(*fields: Any) -> dt.time:
    *numbers, fold, zone = fields
    plain: dt.time = whole_numbers(dt.time)(*numbers)
    return plain.replace(fold=fold, tzinfo=zone_together(zone))


def _decimal(text: Any) -> Decimal:
    require(type(text) is str and len(text) <= 2 * MAX_DIGITS, "a Decimal")
    return Decimal(_bounded(Decimal(text)))


def _bounded(value: Decimal) -> str:
    finite = value.is_finite()
    small = not finite or abs(value.adjusted()) <= MAX_DIGITS
    require(small and len(value.as_tuple().digits) <= MAX_DIGITS and not value.is_snan(), "a Decimal within limits")
    return str(value)


def _fraction(above: Any, below: Any) -> Fraction:
    require(type(above) is int and type(below) is int and below > 0, "a Fraction")
    return Fraction(above, below)


def _set(elements: Any) -> set[Any]:
    require(type(elements) is list, "a set")
    require_fast_keys(elements)
    made = set(elements)
    require(len(made) == len(elements), "a set")
    return made


def _special_dict(kind: Callable[[dict[Any, Any]], Any]) -> Callable[..., Any]:
    def together(entries: Any) -> Any:
        require(type(entries) is dict, "a dict")
        return kind(entries)

    return together


_FACTORIES: Final[dict[str, type]] = {kind.__name__: kind for kind in (int, float, str, list, dict, set, tuple)}


def _defaultdict_apart(value: defaultdict[Any, Any]) -> list[Any]:
    """Its entries, and its factory: a built-in type. Another function does not travel, so the copy has none."""
    name = getattr(value.default_factory, "__name__", "")
    return [dict(value), name if _FACTORIES.get(str(name)) is value.default_factory else None]


def _defaultdict(entries: Any, factory: Any) -> defaultdict[Any, Any]:
    require(type(entries) is dict and (factory is None or type(factory) is str), "a defaultdict")
    return defaultdict(None if factory is None else _FACTORIES[factory], entries)


def _deque(elements: Any, longest: Any) -> deque[Any]:
    require(type(elements) is list and (longest is None or type(longest) is int), "a deque")
    return deque(elements, longest)


KINDS: Final[dict[type, Kind]] = {
    complex: Kind("python.complex", lambda value: [value.real, value.imag], _complex),
    set: Kind("python.set", lambda value: [list(value)], _set),
    frozenset: Kind("python.frozenset", lambda value: [list(value)], lambda elements: frozenset(_set(elements))),
    Counter: Kind("python.Counter", lambda value: [dict(value)], _special_dict(Counter)),
    OrderedDict: Kind("python.OrderedDict", lambda value: [dict(value)], _special_dict(OrderedDict)),
    defaultdict: Kind("python.defaultdict", _defaultdict_apart, _defaultdict),
    deque: Kind("python.deque", lambda value: [list(value), value.maxlen], _deque),
    dt.date: Kind("python.date", lambda value: [value.year, value.month, value.day], whole_numbers(dt.date)),
    dt.datetime: Kind("python.datetime", _datetime_apart, _datetime),
    dt.time: Kind("python.time", _time_apart, _time),
    dt.timedelta: Kind("python.timedelta", _timedelta_apart, whole_numbers(dt.timedelta)),
    Decimal: Kind("python.Decimal", lambda value: [_bounded(value)], _decimal),
    Fraction: Kind("python.Fraction", lambda value: [value.numerator, value.denominator], _fraction),
}
