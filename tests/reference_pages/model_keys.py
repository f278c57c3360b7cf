"""The keys of a pydantic model of settings: as a table, and as TOML with the example of each."""

import json
import typing
from datetime import date, datetime

from pydantic import BaseModel
from reference_pages.markdown import table

HEADS = ("key", "values", "default", "meaning")
KINDS = [
    ("dict[", "a table"),
    ("tuple[str", "a list of texts"),
    ("tuple[typing.Annotated[str", "a list of texts"),
    ("tuple[", "tables"),
    ("Settings", "a table"),
    ("PortalFeedback", "a table"),
    ("datetime", "a time"),
    ("bool", "true or false"),
    ("int", "a whole number"),
    ("float", "a number"),
    ("str", "a text"),
    ("", "a table"),
]
SIGNS = {"Ge": "at least", "Gt": "above", "Le": "at most"}
HUGE = 1e6  # a bound that only keeps nonsense away


def written_fields(model):
    """The fields that a person writes: those with a description."""
    return {name: field for name, field in model.model_fields.items() if field.description}


def key_table(model):
    return table(HEADS, keys(model))


def keys(model):
    for name, field in written_fields(model).items():
        default = "needed" if field.is_required() else plain(field.get_default(call_default_factory=True))
        yield f"`{name}`", values(field), default, field.description


def plain(default):
    if isinstance(default, BaseModel) or default in ({}, (), None, ""):
        return ""
    return (
        f"`{str(default).lower()}`"
        if isinstance(default, bool)
        else f"`{default:g}`"
        if isinstance(default, float)
        else f"`{default}`"
    )


def values(field):
    """The values of a key in words, with their bounds."""
    if field.title:
        return field.title
    if words := choices(field.annotation):
        return " or ".join(f"`{json.dumps(word)}`" for word in words)
    text = str(field.annotation)
    kind = next(word for sign, word in KINDS if sign in text)
    bounds = {type(m).__name__: next(iter(vars_of(m).values())) for m in field.metadata if vars_of(m)}
    signs = [f"{SIGNS[name]} {bound:,g}" for name, bound in bounds.items() if name in SIGNS and bound < HUGE]
    return " ".join([kind, ", ".join(signs)]).strip()


def choices(annotation):
    """The words of a Literal, or of a Literal that may be left out."""
    for each in (annotation, *typing.get_args(annotation)):
        if typing.get_origin(each) is typing.Literal:
            return typing.get_args(each)
    return ()


def vars_of(bound):
    return {name: getattr(bound, name) for name in ("ge", "gt", "le") if hasattr(bound, name)}


def example(model, head="", tables=True):
    """TOML with the example of each key. tables: a dict becomes a table of its own, below `head`."""
    given = {name: field.examples[0] for name, field in written_fields(model).items() if field.examples}
    return "\n".join(toml_lines(given, head, tables)).strip("\n")


def toml_lines(given, head, tables):
    below = {name: value for name, value in given.items() if tables and isinstance(value, dict)}
    flat = {name: value for name, value in given.items() if name not in below}
    if head and flat:
        yield head
    yield from (f"{name} = {toml(value)}" for name, value in flat.items())
    for name, value in below.items():
        if not all(isinstance(each, dict) for each in value.values()):
            yield ""
        yield from toml_lines(value, f"[{head.strip('[]')}.{name}]", tables)


def toml(value):
    match value:
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return f"{{ {', '.join(f'{name} = {toml(each)}' for name, each in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)
