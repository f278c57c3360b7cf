"""What need not be graded again: a result that the same notebook, checks, secret and versions would only repeat."""

from __future__ import annotations

import hashlib
from pathlib import Path

from autograder.authoring.assignment import Assignment
from autograder.authoring.seeds import seed_of
from autograder.errors import MalformedError
from autograder.grading.provenance import commit_of, provenance
from autograder.grading.results import Result, read_result
from autograder.grading.submission import UNDATED
from autograder.intake.reader import read_bytes
from autograder.intake.submissions import Submission
from autograder.sandbox.launcher import Tier


def up_to_date(
    path: Path, submission: Submission, suite: Assignment, secret: bytes, tier: Tier | None
) -> Result | None:
    """The result at `path`, if grading again would only give it again. tier: asked for, or None for the best."""
    if submission.notebook is None:
        return None
    old = read_result(path)
    if (
        old is None
        or old.status != "graded"
        or old.suite_sha256 != suite.suite_sha256
        or old.student != submission.student
        or old.received != submission.received
        or old.provenance != provenance(commit_of(submission.notebook, old.submission_sha256))
        or any(f.startswith(UNDATED) for f in old.flags) != bool(submission.undated)
    ):
        return None
    if old.sandbox.tier != tier and (tier is not None or old.sandbox.tier == "unsafe"):
        return None
    try:
        digest = hashlib.sha256(read_bytes(submission.notebook)).hexdigest()
    except MalformedError:
        return None
    same = old.submission_sha256 == digest and old.seed == seed_of(secret, suite.name, digest)
    return old if same else None
