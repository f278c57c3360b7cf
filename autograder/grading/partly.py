"""Hidden checks changed → the same result as from grading all of it again, by those checks alone; or None.

Who has the notebook, the hidden inputs and the versions of a recorded result has its verdicts for every check that is
what it was (authoring/fingerprints.py). The others are put to a fresh process in which the cells ran. If each of them
passed before and passes now, nothing else can have changed: not what waits for a question, whose fault a failure is,
how often a process died, or a picture. In every other case all of it is graded again: the answer is None.

It is not certain, and so not done, where one check could leave something for the next: where the text of the notebook
does not say by itself that its functions remember nothing (stateless.py); after a timeout, a crash, want of memory or
too much output; after a cell that raised; outside a sandbox. One thing remains: a notebook that comes near its
`submission_seconds` or `cpu_seconds` in all might meet them only if everything is put.

What can hostile code gain that gets past stateless.py? Old verdicts are read from our own files, made by an honest
grading of the same bytes, never from its process. At most it passes a changed check by counting calls, which in a full
grading it could have failed; and it passed that check's former version, among all others, to get here.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence

from autograder.assignment.assignment import Assignment
from autograder.authoring.checks import Check
from autograder.authoring.fingerprints import REST
from autograder.authoring.seeds import seed_of
from autograder.errors import KilledError, MalformedError, StudentError
from autograder.grading.stateless import author_of, remembers_nothing
from autograder.intake.reader import Notebook, read_notebook
from autograder.intake.submissions import Submission
from autograder.judging.cells import cells_to_run
from autograder.judging.device import CPU
from autograder.judging.flags import PRINTED, flags_of
from autograder.judging.judge import judge, verdict
from autograder.judging.submission import Run, as_it_came, needed_first, question_of, sandbox_of, total
from autograder.records.provenance import provenance
from autograder.records.result import CheckResult, Result
from autograder.sandbox.launcher import Zygote

_ENDED = frozenset({"timeout", "crash"})


def grade_in_part(
    old: Result | None, submission: Submission, assignment: Assignment, zygote: Zygote, secret: bytes
) -> Result | None:
    """What grade_submission would give, or None where only that can tell. old: what was recorded before."""
    if old is None or submission.notebook is None or not _comparable(old, assignment, zygote):
        return None
    try:
        notebook = read_notebook(submission.notebook)
    except MalformedError:
        return None
    if (notebook.sha256, seed_of(secret, assignment.name, notebook.sha256)) != (old.submission_sha256, old.seed):
        return None
    changed = [c for c in assignment.checks if old.fingerprints.get(c.id) != assignment.fingerprints.get(c.id)]
    verdicts = {c.id: c for q in old.questions for c in q.checks}
    if changed and not _still_pass(changed, verdicts, old, notebook, assignment, zygote):
        return None
    rescored = _rescored(old, verdicts, notebook, submission, assignment)
    return as_it_came(rescored, submission).marked_in_part()


def _comparable(old: Result, assignment: Assignment, zygote: Zygote) -> bool:
    """Whether all but hidden checks is what it was: the versions, the sandbox, and the list of checks and pictures."""
    now = provenance()
    return (
        old.status == "graded"
        and old.device == CPU
        and old.provenance is not None
        and old.provenance.model_copy(update={"commit": ""}) == now
        and zygote.tier != "unsafe"
        and old.sandbox == sandbox_of(zygote)
        and REST in assignment.fingerprints
        and old.fingerprints.get(REST) == assignment.fingerprints[REST]
        and [p.id for p in old.pictures] == [p.id for p in assignment.pictures]
        and {c.id for q in old.questions for c in q.checks} == {c.id for c in assignment.checks}
    )


def _still_pass(
    changed: Sequence[Check],
    verdicts: dict[str, CheckResult],
    old: Result,
    notebook: Notebook,
    assignment: Assignment,
    zygote: Zygote,
) -> bool:
    """Whether checks that passed do so as they are now, in a process that was asked nothing else."""
    if any(verdicts[c.id].outcome != "pass" for c in changed) or old.cell_errors or _printed_too_much(old):
        return False
    if any(c.outcome in _ENDED or c.diagnosis == "memory" for c in verdicts.values()):
        return False
    cells = cells_to_run(notebook, assignment)
    if not remembers_nothing((source for _, source in cells), author_of(assignment)):
        return False
    deadline = time.monotonic() + assignment.settings.limits.submission_seconds
    with contextlib.suppress(KilledError, StudentError), Run(zygote, assignment, cells, deadline) as run:
        ordered = needed_first(tuple(changed))
        if all(judge(c, run.student(), assignment.reference, old.seed, run.defined).outcome == "pass" for c in ordered):
            run.count_dropped()
            return run.dropped == 0 and not run.errors
    return False


def _printed_too_much(old: Result) -> bool:
    return any(flag.startswith(PRINTED) for flag in old.flags)


def _rescored(
    old: Result, verdicts: dict[str, CheckResult], notebook: Notebook, submission: Submission, assignment: Assignment
) -> Result:
    """The recorded verdicts with today's titles and points."""
    checks = {}
    for check in assignment.checks:
        before = verdicts[check.id]
        checks[check.id] = verdict(check, before.outcome, before.message, before.diagnosis)
    questions = tuple(question_of(assignment, q.id, checks) for q in assignment.settings.questions)
    flags = flags_of(notebook, assignment, submission.named_after, too_much_output=_printed_too_much(old))
    return old.model_copy(
        update={
            "score": total(q.score for q in questions),
            "max_score": assignment.max_score,
            "suite_sha256": assignment.suite_sha256,
            "fingerprints": assignment.fingerprints,
            "questions": questions,
            "flags": flags,
        }
    )
