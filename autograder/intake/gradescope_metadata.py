"""The `submission_metadata.yml` of a Gradescope export: who handed in which folder, and when by its own clock.

The YAML is read one event at a time. Every value is text: no tag, number or date of YAML is looked at. Only a few
fields are kept, and everything else is skipped. So neither deep, nor large, nor odd YAML can do more than be refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml

from autograder.errors import MalformedError
from autograder.intake.boundary import hostile
from autograder.intake.entries import Problem
from autograder.roster.roster import Identity
from autograder.times import written_time

METADATA = "submission_metadata.yml"
MAX_DEPTH = 50  # levels of YAML; an export has about 6
MAX_SUBMISSIONS = 20_000
MAX_PEOPLE = 100  # of one submission
MAX_TEXT = 1000  # characters of one value that is kept
_KEPT = {":submitters", ":created_at", ":sid", ":email", "utc"}
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class GradescopeFolder:
    """One folder of the export. people: a group has several.  received: by Gradescope's clock, or None."""

    people: tuple[Identity, ...]
    received: datetime | None


def read_metadata(data: bytes) -> tuple[dict[str, GradescopeFolder], list[Problem]]:
    """{folder: what the list says of it}, and the folders of which it says nothing that can be used.

    data: bounded by the reader of archives. Raises MalformedError for the whole list.
    """
    folders: dict[str, GradescopeFolder] = {}
    problems: dict[str, Problem] = {}
    with hostile(f"YAML in {METADATA}"):
        for name, fields in _submissions(_Events(data.decode("utf-8-sig"))):
            if len(folders) + len(problems) >= MAX_SUBMISSIONS:
                raise MalformedError(f"{METADATA}: expected at most {MAX_SUBMISSIONS} submissions, got more")
            if name in folders:
                problems[name] = Problem(name, f"{METADATA}: expected each folder once, got it twice")
                continue
            try:
                with hostile("a submission"):
                    folders[name] = _submission(fields)
            except MalformedError as error:
                problems[name] = Problem(name, error.advice)
    return {name: folder for name, folder in folders.items() if name not in problems}, list(problems.values())


class _Events:
    """Values of a YAML document, one after the other."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = iter(yaml.parse(text, _LOADER))
        self._depth = 0
        self._texts: dict[str, str] = {}  # of anchors

    def next(self) -> Any:
        """The next event. Raises MalformedError at the end, and beyond MAX_DEPTH."""
        event = next(self._events, None)
        if event is None:
            raise MalformedError(f"{METADATA}: expected a list of submissions, got less")
        self._depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if self._depth > MAX_DEPTH:
            raise MalformedError(f"{METADATA}: expected at most {MAX_DEPTH} levels, got more")
        return event

    def text(self, event: Any) -> str:
        """The text that an event is or points to; "" for a list and the like."""
        if isinstance(event, yaml.ScalarEvent):
            text = str(event.value)[:MAX_TEXT]
            if event.anchor and len(self._texts) < MAX_PEOPLE:
                self._texts[event.anchor] = text
            return text
        return self._texts.get(event.anchor, "") if isinstance(event, yaml.AliasEvent) else ""

    def skip(self, event: Any) -> None:
        """Pass over the value that begins with `event`."""
        depth = self._depth
        while isinstance(event, yaml.CollectionStartEvent) and self._depth >= depth:
            self.next()

    def pairs(self) -> Iterator[tuple[str, Any]]:
        """The keys of the mapping that began, each with the first event of its value, which the caller must read."""
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.text(event)
            self.skip(event)
            yield key, self.next()

    def value(self, event: Any, levels: int = 4) -> Any:
        """The value that begins with `event`: text, a list, or the kept fields of a mapping; nothing below `levels`."""
        if not levels:
            self.skip(event)
            return None
        if isinstance(event, yaml.MappingStartEvent):
            fields = {}
            for key, start in self.pairs():
                if key in _KEPT:
                    fields[key] = self.value(start, levels - 1)
                else:
                    self.skip(start)
            return fields
        if isinstance(event, yaml.SequenceStartEvent):
            values: list[Any] = []
            while not isinstance(item := self.next(), yaml.SequenceEndEvent):
                if len(values) <= MAX_PEOPLE:
                    values.append(self.value(item, levels - 1))
                else:
                    self.skip(item)
            return values
        return self.text(event)


def _submissions(events: _Events) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each folder's name with the kept fields. Reads the document to its end."""
    while not isinstance(event := events.next(), yaml.MappingStartEvent):
        if isinstance(event, yaml.ScalarEvent | yaml.AliasEvent | yaml.SequenceStartEvent | yaml.DocumentEndEvent):
            raise MalformedError(f"{METADATA}: expected a list of submissions, got something else")
    for name, start in events.pairs():
        fields = events.value(start)
        if isinstance(fields, dict):
            yield name, fields
    while not isinstance(events.next(), yaml.StreamEndEvent):
        pass


def _submission(fields: dict[str, Any]) -> GradescopeFolder:
    people = fields.get(":submitters")
    named = [_identity(p) for p in people if isinstance(p, dict)] if isinstance(people, list) else []
    if len(named) > MAX_PEOPLE:
        raise MalformedError(f"expected at most {MAX_PEOPLE} people, got more")
    return GradescopeFolder(tuple(named), _moment(fields.get(":created_at")))


def _identity(person: dict[str, Any]) -> Identity:
    sid, email = (_text(person.get(key)) for key in (":sid", ":email"))
    return Identity((("id", sid), ("email", email)), sid or email)


def _text(value: Any) -> str:
    """A value's text; "" for what Ruby writes in the place of none."""
    text = value.strip() if isinstance(value, str) else ""
    return "" if text in {"~", "null"} else text


def _moment(value: Any) -> datetime | None:
    """Raises MalformedError for a time that cannot be one: then nobody knows whether the work is late."""
    text = _text(value.get("utc") if isinstance(value, dict) else value)  # ActiveSupport::TimeWithZone
    if not text:
        return None
    zoned = re.sub(r"(\.\d{6})\d+", r"\1", text)  # Ruby writes nanoseconds
    try:
        when = written_time(zoned) or written_time(f"{zoned} UTC")
    except ValueError:
        when = None
    if when is None:
        raise MalformedError(f"expected a time such as 2026-10-12 21:59:00 UTC, got {text[:40]!r}")
    return when
