"""The mistake in a table of a TOML file, in one line: `place: expected …, got …. Hint: …`.

pydantic finds the fault; this module has the words for a person who edits the file.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from autograder.text import nearest, one_line
from autograder.times import YEARS

MAX_NAME = 60  # characters of a name in a message
_NUMBER, _TEXT = "a number", "a text in quotes"
# pydantic's kinds of error in words. pydantic fills in each `{…}`.
_EXPECTED = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "a table",
    "finite_number": "a finite number",
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "frozen_set_type": "a list",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "less_than": "a number below {lt:g}",
    "less_than_equal": "a number of at most {le:g}",
    "list_type": "a list",
    "literal_error": "{expected}",
    "missing": "this key",
    "model_type": "a table",
    "no_time": "a time such as {example}",
    "no_year": f"a year from {YEARS[0]} to {YEARS[-1]}",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} characters",
    "string_type": _TEXT,
    "too_long": "at most {max_length} entries",
    "too_short": "at least {min_length} entry",
    "tuple_type": "a list",
}
_KINDS = {"str", "int", "float", "bool", "dict[str,any]"}  # of a union: pydantic puts them at the end of a place


def what_is_wrong(
    error: ValidationError,
    model: type[BaseModel],
    table: Any,
    *,
    within: str = "",
    expected: Mapping[str, str] | None = None,
    spared: Collection[str] = (),
) -> str:
    """`place: expected …, got …. Hint: …` about the first error. A key that nobody knows explains a missing one.

    model, table: that were validated. Its own validators raise a ValueError that begins with a key of their table.
    within: the table's name in the file.  expected: words for kinds of error for which this table has its own.
    spared: keys of the model that are not written at this place.
    A field with a pattern says in its `title` what the pattern wants.
    """
    errors = error.errors(include_url=False)
    first = min(errors, key=lambda each: each["type"] != "extra_forbidden")
    parts = _without_kind(first["loc"])
    place = ".".join([*([within] if within else []), *_steps(parts, table)])
    if first["type"] == "extra_forbidden":
        names = [name for name in _type_at(model, parts[:-1]).model_fields if name not in spared]
        name = one_line(str(parts[-1]), MAX_NAME)
        return f"{place}: expected one of {', '.join(names)}, got {name!r}.{nearest(name, names)}"
    if first["type"] == "value_error":
        return f"{place}.{first['ctx']['error']}.".removeprefix(".")
    same = [each for each in errors if _without_kind(each["loc"]) == parts]
    field = _field_at(model, parts)
    wanted = " or ".join(dict.fromkeys(_expected(each, field, expected or {}) for each in same))
    got = "none" if first["type"] == "missing" else _got(first["input"])
    tables = _holds_tables(_type_at(model, parts))
    hint = f" Hint: write [[{parts[-1]}]] above each of these tables." if tables else _hint(first)
    return f"{place}: expected {wanted}, got {got}.{hint}".removeprefix(": ")


def _without_kind(place: tuple[int | str, ...]) -> tuple[int | str, ...]:
    return place[:-1] if place and place[-1] in _KINDS else place


def _steps(parts: Sequence[int | str], table: Any) -> Iterator[str]:
    """The place in words. An entry of a list goes by its number from 1, and by its id if it has one."""
    for part in parts:
        known = isinstance(table, (Mapping, list))
        table = table[part] if known and (isinstance(part, int) or part in table) else None
        if isinstance(part, int):
            name = str(table.get("id") or table.get("question") or "") if isinstance(table, dict) else ""
            yield f"{part + 1} ({one_line(name, MAX_NAME)})" if name else f"{part + 1}"
        else:
            yield one_line(part, MAX_NAME)


def _type_at(model: type[BaseModel], parts: Sequence[int | str]) -> Any:
    """The annotation of the value at a place; None if there is no such place."""
    annotation: Any = model
    for part in parts:
        if _is_model(annotation):
            field = annotation.model_fields.get(part)
            annotation = field.annotation if field else None
        else:  # a list or a plain table: the type of what is in it stands last
            inner = [each for each in typing.get_args(annotation) if each not in {Ellipsis, type(None)}]
            annotation = inner[-1] if inner else None
    return annotation


def _holds_tables(annotation: Any) -> bool:
    return any(_is_model(each) for each in typing.get_args(annotation))


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _field_at(model: type[BaseModel], parts: Sequence[int | str]) -> FieldInfo | None:
    inside = _type_at(model, parts[:-1]) if parts else None
    fields: dict[Any, FieldInfo] = getattr(inside, "model_fields", {})
    return fields.get(parts[-1]) if parts else None


def _expected(error: ErrorDetails, field: FieldInfo | None, words: Mapping[str, str]) -> str:
    kind = error["type"]
    if kind == "string_pattern_mismatch" and field is not None and field.title:
        return field.title
    text = words.get(kind) or _EXPECTED.get(kind)
    return text.format_map(error.get("ctx", {})) if text else f"another value ({error['msg']})"


def _got(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return one_line(str(value), MAX_NAME)
        case dict():
            return "a table"
        case list():
            return f"a list of {len(value)}" if value else "an empty list"
    return repr(one_line(str(value), MAX_NAME))


def _hint(error: ErrorDetails) -> str:
    value = error.get("input")
    match error["type"]:
        case "tuple_type" | "list_type":
            hint = " Hint: put [ ] around it." if isinstance(value, str) else " Hint: a list is [ … ]."
        case "float_type" | "int_type" | "bool_type" if isinstance(value, str):
            hint = " Hint: write it without quotes."
        case "string_type" if isinstance(value, (int, float)):
            hint = " Hint: put quotes around it."
        case "missing":
            hint = f" Hint: add {error['loc'][-1]} = … to this table."
        case "string_pattern_mismatch" if re.search(error["ctx"]["pattern"], str(value).lower()):
            hint = f" Hint: {str(value).lower()[:MAX_NAME]}?"
        case "literal_error":
            hint = nearest(str(value), re.findall(r"'([^']*)'", error["ctx"]["expected"]))
        case _:
            hint = ""
    return hint
