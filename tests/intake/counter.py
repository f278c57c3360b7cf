"""What the tests of `collect` share: notebooks, archives, and a plan with a clock that can be set."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

from autograder.intake.collect import Taken, collect
from autograder.intake.collection_plan import CollectionPlan
from autograder.intake.entries import Problem
from autograder.intake.received import Trust
from autograder.intake.submissions import find_submissions
from autograder.intake.which_notebook import WantedNotebooks
from autograder.roster.read import read_roster

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
KNOWN = ("a1", "a2")
SECRET = b"of the course"


def notebook(text="x = 1"):
    """The bytes of a notebook with one cell."""
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "outputs": [], "execution_count": None, "source": text}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def zipped(path, files):
    """A zip of {name: bytes}, or of (ZipInfo, bytes)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, data)
    return path


def zip_bytes(files):
    made = io.BytesIO()
    zipped(made, files)
    return made.getvalue()


class Counter:
    """Where students' work is handed over. now: the clock, to be set."""

    def __init__(self, folder):
        self.folder, self.out, self.now = folder, folder / "submitted", NOON

    def run(self, *sources, names=("a1",), roster=None, **options):
        """What `collect` gives, one after the other."""
        if roster is not None:
            file = self.folder / "roster.csv"
            file.write_text(roster)
            roster = read_roster(file, None)
        course = {k: options.pop(k) for k in ("handed_out", "asked") if k in options}
        only, known = names[0] if len(names) == 1 else "", options.pop("known", KNOWN)
        wanted = WantedNotebooks(tuple(names) or known, only, known, **course)
        fetched, secret = self.folder / "fetched", options.pop("secret", SECRET)
        options.setdefault("pauses", ())
        plan = CollectionPlan(sources, wanted, self.out, fetched, lambda: self.now, secret, roster, **options)
        return collect(plan, lambda: None)

    def collect(self, *sources, **options):
        """[(student, assignment, what became of it)], [(file, reason)]."""
        done = list(self.run(*sources, **options))
        taken = [(t.student, t.assignment, t.placed) for t in done if isinstance(t, Taken)]
        return taken, [(p.file, p.reason) for p in done if isinstance(p, Problem)]

    def files(self):
        """{path below submitted: bytes}."""
        return {str(p.relative_to(self.out)): p.read_bytes() for p in sorted(self.out.rglob("*")) if p.is_file()}

    def submissions(self, secret=SECRET, *, timestamps=False):
        """What `autograder grade` sees of all that was placed."""
        return find_submissions(self.out, ["a1"], trust=Trust(secret, timestamps))

    def record(self, student, assignment="a1", attempt=None):
        folder = self.out / student / assignment
        folder = folder / "earlier" / str(attempt) if attempt else folder
        return json.loads((folder / "received.json").read_text())
