"""Grades one submission, from notebook to result: runs its cells, then puts every check to it.

If a process ends (an endless loop, a crash), a new one replaces it. So one bad function does not cost the other
questions their points. One deadline holds for all of it: cells, checks, causes and pictures, and every process that is
used. If a process was killed from outside, the submission is graded again from the beginning, before the same deadline.
SIGKILL is the sign of that: student code cannot send it, not even to itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from autograder.assignment.assignment import Assignment
from autograder.authoring.checks import Check
from autograder.authoring.drawings import Picture
from autograder.authoring.seeds import Seeds
from autograder.errors import KilledError, MalformedError, StudentError, UnreadableError
from autograder.intake.reader import Notebook, read_notebook
from autograder.intake.submissions import Submission
from autograder.judging.author_process import AuthorProcesses
from autograder.judging.blocked_examples import block_examples
from autograder.judging.causes import name_causes
from autograder.judging.cell_questions import questions_of
from autograder.judging.cells import cells_to_run
from autograder.judging.clock import deadline_of, require_time_left
from autograder.judging.device import CPU, Device, DeviceJudge, patient
from autograder.judging.draw_pictures import draw_pictures
from autograder.judging.find_flags import arrival_flags, flags_of
from autograder.judging.forgive_slips import forgive_slips, with_own_slips
from autograder.judging.judge import judge, not_written, of_question, verdict, without_answer
from autograder.judging.not_judged import of_another, unread
from autograder.judging.notebook_run import NotebookRun
from autograder.records.flags import Flag
from autograder.records.provenance import provenance
from autograder.records.result import CheckResult, QuestionResult, Result, Sandbox
from autograder.sandbox.clocks import Deadline
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.worker.landlock import landlock_abi

MAX_DEATHS_A_QUESTION = 2
MAX_RUNS = 3  # after so many kills from outside, the cause may be its own memory: then it is a crash


def grade_submission(
    submission: Submission,
    assignment: Assignment,
    zygote: Zygote,
    seeds: Seeds,
    device: Device | None = None,
    authors: AuthorProcesses | None = None,
    deadline: Deadline | None = None,
) -> Result:
    """The result of one submission. If the notebook is none, or there is none, the result says why.

    seeds: of the hidden inputs.  authors: processes that stay for other submissions; None to start one if needed.
    device: where those checks run that can run on a device; None for the CPU.  deadline: None if its
    clock starts now. Raises UnreadableError if the system refuses to read it, SandboxError if the sandbox is gone.
    """
    if submission.unreadable:
        raise UnreadableError("submission", "to read it", submission.unreadable)
    return as_it_came(_graded_or_not(submission, assignment, zygote, seeds, device, authors, deadline), submission)


def as_it_came(result: Result, submission: Submission) -> Result:
    """The result with the time of receipt, the number of the attempt, and the installed versions."""
    more = {
        "received": submission.received,
        "attempt": submission.attempt,
        "flags": (*result.flags, *arrival_flags(submission)),
        "provenance": provenance(submission.commit if result.submission_sha256 else ""),
    }
    return result.model_copy(update=more)


def _graded_or_not(
    submission: Submission,
    assignment: Assignment,
    zygote: Zygote,
    seeds: Seeds,
    device: Device | None,
    authors: AuthorProcesses | None,
    deadline: Deadline | None,
) -> Result:
    if submission.notebook is None:
        return unread(submission, assignment, submission.problem)
    try:
        notebook = read_notebook(submission.notebook, submission.modules)
    except UnreadableError:  # the student did not cause it
        raise
    except MalformedError as error:
        return unread(submission, assignment, str(error), malformed=True)
    return of_another(notebook, submission, assignment) or grade_notebook(
        notebook, submission.student, assignment, zygote, seeds, submission.named_after, device, authors, deadline
    )


def grade_notebook(
    notebook: Notebook,
    student: str,
    assignment: Assignment,
    zygote: Zygote,
    seeds: Seeds,
    named_after: str = "",
    device: Device | None = None,
    authors: AuthorProcesses | None = None,
    deadline: Deadline | None = None,
) -> Result:
    """Grade a notebook that was read already.

    seeds, device, authors, deadline: see grade_submission.  named_after: see Submission.

    Raises SandboxError if the sandbox is gone.
    """
    if authors is None:
        with contextlib.closing(AuthorProcesses()) as these:
            return grade_notebook(notebook, student, assignment, zygote, seeds, named_after, device, these, deadline)
    deadline = deadline_of(assignment, device) if deadline is None else deadline
    seed = seeds(assignment.name, notebook.sha256)
    with assignment.in_folder():
        judged = _judge(
            notebook, patient(assignment) if device else assignment, zygote, seed, device, authors, deadline
        )
    if device:
        device.require_alive()
    questions = tuple(question_of(assignment, q.id, judged.checks) for q in assignment.settings.questions)
    return Result(
        assignment=assignment.name,
        student=student,
        status="graded",
        score=total(q.score for q in questions),
        max_score=assignment.max_score,
        submission_sha256=notebook.sha256,
        suite_sha256=assignment.suite_sha256,
        seed=seed,
        sandbox=sandbox_of(zygote),
        questions=questions,
        cell_errors=tuple(judged.run.errors),
        pictures=judged.pictures,
        flags=(*flags_of(notebook, assignment, named_after, too_much_output=judged.run.dropped > 0), *judged.flags),
        device=device.name if device else CPU,
    )


class _Judged(NamedTuple):
    """What was decided about a notebook. flags: of the device.  run: it has ended."""

    run: NotebookRun
    checks: dict[str, CheckResult]
    pictures: tuple[Picture, ...]
    flags: tuple[Flag, ...]


def _judge(
    notebook: Notebook,
    assignment: Assignment,
    zygote: Zygote,
    seed: str,
    device: Device | None,
    authors: AuthorProcesses,
    deadline: Deadline,
) -> _Judged:
    """Run the cells and put all checks; once more from the beginning if a process was killed from outside.

    Raises KilledError if no time is left after that: what a run with less time would miss is not the student's fault.
    """
    cells = cells_to_run(notebook, assignment)
    attempt = 1
    while True:
        on_device = DeviceJudge(device, assignment, seed) if device else None
        given = zygote, assignment, cells, notebook.modules, deadline, authors
        run = NotebookRun(*given, forgives=attempt < MAX_RUNS, questions=questions_of(notebook, assignment))
        try:
            with run:
                run.start()
                checks = _put_all(assignment, run, seed, on_device)
                checks = forgive_slips(assignment, checks, run, seed)
                if any(result.outcome == "blocked" for result in checks.values()):
                    run.start()  # the last check may have ended the process, and those that wait need one
                if run.session is not None:
                    kept = on_device.kept(checks) if on_device else {}
                    checks = name_causes(assignment, checks, run.session, run.solution, seed) | kept
                    checks = block_examples(assignment, checks)
                    checks = with_own_slips(checks)
                run.count_dropped()
                pictures = draw_pictures(assignment, run, checks)
                checks |= _put_all(assignment, run, seed, None, inside=True)
            require_time_left(deadline, attempt)
            return _Judged(run, checks, pictures, on_device.flags if on_device else ())
        except KilledError:
            if attempt == MAX_RUNS or deadline.has_passed():
                raise
            attempt += 1


def sandbox_of(zygote: Zygote) -> Sandbox:
    """The sandbox as a result records it."""
    abi = 0 if zygote.tier == "unsafe" else landlock_abi()
    return Sandbox(tier=zygote.tier, landlock=abi, namespaces=zygote.namespaces)


def _put_all(
    assignment: Assignment, run: NotebookRun, seed: str, on_device: DeviceJudge | None, *, inside: bool = False
) -> dict[str, CheckResult]:
    """The results of all checks that run inside, or of all others.

    Checks that run inside come last: from then on, student code can have read them, and can have changed anything.
    """
    results: dict[str, CheckResult] = {}
    for check in needed_first(c for c in assignment.checks if (c.visibility == "inside") == inside):
        results[check.id] = _put(check, assignment, run, seed, results, on_device)
    return results


def needed_first(checks: Iterable[Check]) -> list[Check]:
    """The checks in the order in which they are put.

    Public checks come first: they show the text of an exception, and a function that has seen a hidden input could put
    it there. Hidden checks that need another question come last, so that this question is decided before.
    """
    return sorted(checks, key=lambda c: (c.visibility != "public", c.visibility != "public" and bool(c.needs)))


def _put(
    check: Check,
    assignment: Assignment,
    run: NotebookRun,
    seed: str,
    so_far: Mapping[str, CheckResult],
    on_device: DeviceJudge | None,
) -> CheckResult:
    needs = check.needs if check.visibility != "public" else ()  # its message helps, whatever it needs
    waiting = next((q for q in needs if any(r.outcome != "pass" for r in of_question(assignment, q, so_far))), "")
    if waiting:
        return verdict(
            check, "blocked", f"This cannot be checked before {waiting} passes.", "blocked", blocked_by=waiting
        )
    deaths = [r for r in of_question(assignment, check.question, so_far) if r.outcome in {"timeout", "crash"}]
    if len(deaths) >= MAX_DEATHS_A_QUESTION:
        last = deaths[MAX_DEATHS_A_QUESTION - 1]  # the last check that was tried; later ones repeat its message
        message = f"not tried again: {last.message}"
        return verdict(check, last.outcome, message, last.diagnosis, key=(last.message,))

    def on_cpu(before: CheckResult | None = None) -> CheckResult:
        if before is not None and before.outcome in {"timeout", "crash"}:
            run.bury(counted=False)  # once a question at most
        asked: list[str] = []
        try:
            student = run.student()
            reference = assignment.reference_of(check)
            result, asked = judge(check, student, reference, seed, run.facts, run.memo), student.asked
        except StudentError as error:  # no process could be had
            result = without_answer(check, error, run.facts)
        if result.outcome in {"timeout", "crash"}:
            run.bury()
        elif result.outcome in {"fail", "error"} and (stub := run.first_unwritten(asked)):
            return not_written(check, stub)
        return result

    if on_device and on_device.takes(check):
        with contextlib.suppress(StudentError):  # without a process, the reason is the CPU's
            return on_device.judge(check, run.student(), on_cpu, run.facts)
    return on_cpu()


def question_of(assignment: Assignment, identity: str, checks: Mapping[str, CheckResult]) -> QuestionResult:
    """A question's result, from the results of its checks."""
    question = next(q for q in assignment.settings.questions if q.id == identity)
    results = tuple(checks[c.id] for c in assignment.checks if c.question == identity)
    return QuestionResult(
        id=identity,
        title=assignment.title_of(question),
        bonus=question.bonus,
        score=total(c.points for c in results),
        max_score=question.points,
        checks=results,
    )


def total(points: Iterable[float]) -> float:
    """The sum of points, rounded to six places to remove rounding errors."""
    return round(float(sum(points)), 6)
