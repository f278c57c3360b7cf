"""The payloads as data: one file a section of the catalogue, in `payloads/`, written once for all graders."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).with_name("payloads")


@dataclass(frozen=True)
class Payload:
    """One attack.

    id: a row of the catalogue and a word, "F6-allclose".  title: one sentence for a reader who does not know it.
    first, last: cells after the set-up and at the end.  answer, double: in the place of `mean_square` and `double`.
    edit: a function of edits.py.  link: the submission is a link to this file.  extra: more files of the submission.
    accomplice: a second student's cells, graded after the first.  tools: those that can express it; none means all.
    """

    id: str
    title: str
    first: str = ""
    answer: str = ""
    double: str = ""
    last: str = ""
    edit: str = ""
    link: str = ""
    extra: dict = field(default_factory=dict)
    accomplice: dict = field(default_factory=dict)
    tools: tuple = ()

    @property
    def row(self):
        return self.id.partition("-")[0]

    def concerns(self, tool):
        return not self.tools or tool in self.tools

    def second(self):
        """The accomplice's notebook as a payload of its own."""
        return Payload(id=self.id, title=self.title, **self.accomplice)


def load_payloads():
    """All payloads in the order of the files. Raises TypeError for a field that there is none of."""
    tables = [table for file in sorted(FOLDER.glob("*.toml")) for table in tomllib.loads(file.read_text())["payload"]]
    return [Payload(**{**table, "tools": tuple(table.get("tools", ()))}) for table in tables]
