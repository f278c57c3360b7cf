"""The `submission_metadata.yml` of a Gradescope export: who handed in which folder, and when by its own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import yaml

from autograder.errors import MalformedError
from autograder.intake.roster import Identity, moment
from autograder.text import one_line

METADATA = "submission_metadata.yml"
MAX_DEPTH = 50  # levels of YAML; an export has about 6


@dataclass(frozen=True, slots=True)
class GradescopeFolder:
    """One folder of the export. people: a group has several.  received: by Gradescope's clock, or None."""

    people: tuple[Identity, ...]
    received: datetime | None


class _Plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML of plain values; Ruby's own types, which Gradescope leaves in, become the plain values they hold."""


def _without_type(loader: Any, _suffix: str, node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_Plain.add_multi_constructor("!ruby/", _without_type)


def read_metadata(data: bytes) -> dict[str, GradescopeFolder]:
    """{folder: what is told of it}. data: bounded by the reader of archives. Raises MalformedError."""
    try:
        text = data.decode("utf-8-sig")
        _require_shallow(text)
        document = yaml.load(text, _Plain)  # noqa: S506 — a safe loader: plain values only
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError, TypeError) as error:
        raise MalformedError(f"{METADATA}: expected YAML, got {one_line(str(error), 120)}") from None
    if not isinstance(document, dict):
        raise MalformedError(f"{METADATA}: expected a list of submissions, got something else")
    return {str(name): _submission(fields) for name, fields in document.items() if isinstance(fields, dict)}


def _require_shallow(text: str) -> None:
    """Refuse nesting on which the loader, which is recursive C, would end this process."""
    depth = 0
    for event in yaml.parse(text, _Plain):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise MalformedError(f"{METADATA}: expected at most {MAX_DEPTH} levels, got more")


def _submission(fields: dict[Any, Any]) -> GradescopeFolder:
    people = fields.get(":submitters")
    named = [_identity(p) for p in people if isinstance(p, dict)] if isinstance(people, list) else []
    return GradescopeFolder(tuple(named), _moment(fields.get(":created_at")))


def _identity(person: dict[Any, Any]) -> Identity:
    sid, email = (_text(person.get(key)) for key in (":sid", ":email"))
    return Identity((("id", sid), ("email", email)), sid or email)


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _moment(value: Any) -> datetime | None:
    if isinstance(value, dict):  # ActiveSupport::TimeWithZone
        value = value.get("utc")
    if isinstance(value, str):
        try:
            return moment(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return None
