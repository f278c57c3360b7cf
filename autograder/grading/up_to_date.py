"""Results that need not be made again: the notebook, the checks, the secret and the versions are still the same.

Only the content of files counts, never their dates: a notebook from a backup can have any date and the same size. So
each notebook is hashed, with the modules that it uses (1,000 of them in a twentieth of a second), and each result is
read and validated.
"""

from __future__ import annotations

from autograder.authoring.seeds import seed_of
from autograder.errors import MalformedError, UnreadableError
from autograder.intake.reader import read_notebook, read_sha256
from autograder.intake.submissions import Submission
from autograder.judging.find_flags import ARRIVAL, arrival_flags
from autograder.records.provenance import provenance
from autograder.records.result import Result
from autograder.sandbox.launcher import Tier
from autograder.text import one_line


def up_to_date(
    old: Result, submission: Submission, suite_sha256: str, secret: bytes, tier: Tier | None, device: str
) -> bool:
    """Whether grading the submission now would give the same result again.

    old: the recorded result of this student, assignment and attempt.  suite_sha256: of the checks as they are now.
    tier: that the user asked for, or None for the best.  device: that the user asked for.
    """
    if old.status == "error" or submission.unreadable:  # what went wrong may be over
        return False
    if old.suite_sha256 != suite_sha256 or not _arrived_alike(old, submission):
        return False
    if old.status != "graded":
        return _still_unread(old, submission)
    if old.device != device:
        return False
    wrong_tier = old.sandbox.tier != tier and (tier is not None or old.sandbox.tier == "unsafe")
    return not wrong_tier and _same_notebook(old, submission, secret)


def _arrived_alike(old: Result, submission: Submission) -> bool:
    """Whether the time of receipt, the name of the file and the versions are those that the result records."""
    recorded = {flag.kind: flag.data for flag in old.flags if flag.kind in {*ARRIVAL, "named_after"}}
    arrived = {flag.kind: flag.data for flag in arrival_flags(submission)}
    if submission.named_after and old.status == "graded":
        arrived["named_after"] = (submission.named_after,)
    return (
        old.received == submission.received
        and recorded == arrived
        and old.provenance == provenance(submission.commit if old.submission_sha256 else "")
    )


def _same_notebook(old: Result, submission: Submission, secret: bytes) -> bool:
    if submission.notebook is None:
        return False
    try:
        digest = read_sha256(submission.notebook, submission.modules)
    except MalformedError:
        return False
    return old.submission_sha256 == digest and old.seed == seed_of(secret, old.assignment, digest)


def _still_unread(old: Result, submission: Submission) -> bool:
    """Whether there is still nothing to grade, for the same reason. This takes no sandbox."""
    if submission.notebook is None:
        status, reason = "malformed" if submission.malformed else "missing", submission.problem
    else:
        try:
            read_notebook(submission.notebook)
        except UnreadableError:
            return False
        except MalformedError as error:
            status, reason = "malformed", str(error)
        else:
            return False
    return (old.status, old.reason) == (status, one_line(reason))
