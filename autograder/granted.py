"""Extensions and excuses that were granted in the portal: the file work/portal/exceptions.toml.

`autograder serve sync` writes it, and every command that opens the course adds it to the rules of course.toml. Nobody
signs it: it lies in work/, beside the course's secret, where no student can write.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from autograder.errors import CourseError, FileError
from autograder.files import FileKind, read_bytes, read_toml, write_atomically
from autograder.marking_rules import MarkingRules
from autograder.toml_errors import what_is_wrong

PLACE = "portal/exceptions.toml"  # below work/
GRANTED = FileKind("extensions and excuses", 20 << 20, "remove it, and autograder serve sync writes it again")


class GrantedExceptions(BaseModel):
    """By student: a later due time of an assignment, and the assignments that need not be done."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    extensions: dict[str, dict[str, AwareDatetime]] = {}
    excused: dict[str, list[str]] = {}

    def added_to(self, rules: MarkingRules) -> MarkingRules:
        """The rules with these exceptions. Of two due times the later one counts, so nothing granted is taken away."""
        extensions = {student: dict(times) for student, times in rules.extensions.items()}
        for student, times in self.extensions.items():
            for assignment, time in times.items():
                due = rules.due_of(assignment, student)
                if due is not None and time > due:
                    extensions.setdefault(student, {})[assignment] = time
        excused = {student: list(names) for student, names in rules.excused.items()}
        for student, names in self.excused.items():
            excused[student] = [*dict.fromkeys([*excused.get(student, []), *names])]
        return rules.model_copy(update={"extensions": extensions, "excused": excused})

    def to_toml(self) -> str:
        """The file's text: the same exceptions always give the same bytes."""
        lines = ["# Written by `autograder serve sync`. Change exceptions in the portal; this file is written again."]
        for student in sorted(self.extensions):
            lines += ["", f"[extensions.{_text(student)}]"]
            lines += [f"{_text(a)} = {time.isoformat()}" for a, time in sorted(self.extensions[student].items())]
        if self.excused:
            lines += ["", "[excused]"]
            lines += [f"{_text(s)} = [{_texts(names)}]" for s, names in sorted(self.excused.items())]
        return "\n".join(lines) + "\n"


NOTHING_GRANTED = GrantedExceptions()


def read_granted(path: Path) -> GrantedExceptions:
    """The exceptions of a file; none if there is no file. Raises CourseError with one line if it is broken."""
    if not path.exists():
        return NOTHING_GRANTED
    table: Mapping[str, object] = read_toml(path, GRANTED)
    try:
        return GrantedExceptions.model_validate(table)
    except ValidationError as error:
        said = what_is_wrong(error, GrantedExceptions, table)
        raise CourseError(f"{path}, {said} Hint: {GRANTED.hint}.") from None


def write_granted(path: Path, granted: GrantedExceptions) -> None:
    """Write the file, if it does not say so already. Raises AutograderError."""
    text = granted.to_toml().encode()
    try:
        same = read_bytes(path, GRANTED) == text
    except FileError:
        same = False
    if not same:
        write_atomically(path, text)


def _texts(names: list[str]) -> str:
    return ", ".join(map(_text, sorted(names)))


def _text(text: str) -> str:
    """A text in quotes, as TOML has it: JSON's form, but for the one sign that only TOML forbids."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
