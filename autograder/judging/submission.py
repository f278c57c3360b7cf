"""One submission from notebook to result: run its cells, then put every check to it.

A process that dies (endless loop, crash) is replaced by a fresh one, so that one bad function does not
cost the other questions; everything together has one deadline. A process that somebody else killed is nobody's
fault: the submission is graded anew. SIGKILL tells: student code cannot send it, not even to itself.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Mapping
from typing import Any, Self

from autograder.assignment.assignment import Assignment, LimitSettings
from autograder.authoring.checks import Check
from autograder.authoring.drawings import Picture
from autograder.authoring.seeds import seed_of
from autograder.errors import CrashError, KilledError, MalformedError, RaisedError, StudentError, TimeLimitError
from autograder.intake.reader import Notebook, read_notebook
from autograder.intake.submissions import Submission
from autograder.judging.author_process import Answers, solution_of
from autograder.judging.causes import name_causes
from autograder.judging.cells import cells_to_run, has_code
from autograder.judging.device import CPU, Device, patient
from autograder.judging.device import Judge as DeviceJudge
from autograder.judging.flags import defined_names, flags_of
from autograder.judging.judge import judge, verdict
from autograder.judging.pictures import draw_pictures
from autograder.records.provenance import commit_of, provenance
from autograder.records.result import CellError, CheckResult, QuestionResult, Result, Sandbox, one_line
from autograder.sandbox.client import Session, Student
from autograder.sandbox.connection import Limits
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.worker.lockdown import landlock_abi

UNDATED = "when it came in is not known: "
MAX_DEATHS = 8  # processes one submission may use up
MAX_DEATHS_A_QUESTION = 2
MAX_RUNS = 3  # of a submission whose process was killed from outside; its memory may be why: then it is a crash


def grade_submission(
    submission: Submission, assignment: Assignment, zygote: Zygote, secret: bytes | str, device: Device | None = None
) -> Result:
    """The result of one submission; a notebook that cannot be read gets one that says why.

    secret: the course's; or the seed that a result has recorded, to grade once more with the same hidden inputs.
    device: where checks go that make sense there; None for the CPU.
    """
    return as_it_came(_graded_or_not(submission, assignment, zygote, secret, device), submission)


def as_it_came(result: Result, submission: Submission) -> Result:
    """The result with what is known of how the notebook got here, and of the versions installed."""
    more = {
        "received": submission.received,
        "attempt": submission.attempt,
        "flags": (*result.flags, f"{UNDATED}{submission.undated}") if submission.undated else result.flags,
        "provenance": provenance(commit_of(submission.notebook, result.submission_sha256)),
    }
    return result.model_copy(update=more)


def _graded_or_not(
    submission: Submission, assignment: Assignment, zygote: Zygote, secret: bytes | str, device: Device | None
) -> Result:
    if submission.notebook is None:
        return _unread(submission, assignment, submission.problem)
    try:
        notebook = read_notebook(submission.notebook)
    except MalformedError as error:
        return _unread(submission, assignment, str(error), malformed=True)
    return grade_notebook(notebook, submission.student, assignment, zygote, secret, submission.named_after, device)


def grade_notebook(
    notebook: Notebook,
    student: str,
    assignment: Assignment,
    zygote: Zygote,
    secret: bytes | str,
    named_after: str = "",
    device: Device | None = None,
) -> Result:
    """Grade cells that were read already. secret, device: see grade_submission.  named_after: see Submission.

    Raises SandboxError if the sandbox is gone.
    """
    assignment = patient(assignment) if device else assignment
    seed = secret if isinstance(secret, str) else seed_of(secret, assignment.name, notebook.sha256)
    deadline = time.monotonic() + assignment.settings.limits.submission_seconds
    cells = cells_to_run(notebook, assignment)
    for attempt in range(1, MAX_RUNS + 1):
        there = DeviceJudge(device, assignment, seed) if device else None
        run = Run(zygote, assignment, cells, deadline, forgives=attempt < MAX_RUNS)
        with contextlib.suppress(KilledError):
            checks, pictures = _run_and_check(run, assignment, seed, there)
            break
    if device:
        device.require_alive()
    questions = tuple(question_of(assignment, q.id, checks) for q in assignment.settings.questions)
    return Result(
        schema=1,
        assignment=assignment.name,
        student=student,
        status="graded",
        score=total(q.score for q in questions),
        max_score=assignment.max_score,
        submission_sha256=notebook.sha256,
        suite_sha256=assignment.suite_sha256,
        fingerprints=assignment.fingerprints,
        seed=seed,
        sandbox=sandbox_of(zygote),
        questions=questions,
        cell_errors=tuple(run.errors),
        pictures=pictures,
        flags=(
            *flags_of(notebook, assignment, named_after, too_much_output=run.dropped > 0),
            *(there.flags if there else ()),
        ),
        device=device.name if device else CPU,
    )


def _run_and_check(
    run: Run, assignment: Assignment, seed: str, there: DeviceJudge | None
) -> tuple[dict[str, CheckResult], tuple[Picture, ...]]:
    with run:
        run.start()
        checks = _put_all(assignment, run, seed, there)
        if run.session is not None:
            kept = there.kept(checks) if there else {}
            checks = name_causes(assignment, checks, run.session, run.solution, seed) | kept
        run.count_dropped()
        return checks, draw_pictures(assignment, run, checks)


def sandbox_of(zygote: Zygote) -> Sandbox:
    """What is stamped on a result."""
    abi = 0 if zygote.tier == "unsafe" else landlock_abi()
    return Sandbox(tier=zygote.tier, landlock=abi, namespaces=zygote.namespaces)


def limits_of(settings: LimitSettings) -> Limits:
    """The sandbox's limits out of assignment.toml's."""
    return Limits(
        memory=settings.memory_mb << 20,
        cell=settings.cell_seconds,
        call=settings.call_seconds,
        submission=settings.submission_seconds,
        cpu=settings.cpu_seconds or int(settings.submission_seconds) + 5,
        output=settings.output_kb << 10,
    )


class Run:
    """A notebook under way: the process that holds its state, replaced when it dies.

    cells: (number, source).  deadline: of time.monotonic().  forgives: as for Session.
    """

    def __init__(
        self,
        zygote: Zygote,
        assignment: Assignment,
        cells: tuple[tuple[int, str], ...],
        deadline: float,
        *,
        forgives: bool = True,
    ) -> None:
        self.errors: list[CellError] = []
        self.dropped = 0  # characters of output
        self._zygote, self._assignment, self._forgives = zygote, assignment, forgives
        self._limits = limits_of(assignment.settings.limits)
        self._cells = tuple((number, source) for number, source in cells if has_code(source))
        self.defined = defined_names(source for _, source in cells)
        self._deadly: dict[int, str] = {}  # cells that end every process, and how
        self._deadline = deadline
        self.session: Session | None = None
        self._deaths = 0

    def start(self) -> None:
        """Have a live process that ran the cells, if that is possible."""
        while self.session is None and self._deaths < MAX_DEATHS and time.monotonic() < self._deadline:
            self.errors.clear()
            try:
                self.session = self._process()
            except StudentError as error:  # it died before any student code: count it, or it would never end
                self._deaths += 1
                self.errors.append(CellError(cell=0, error=one_line(str(error))))
                continue
            self._run_cells(self.session)

    def _run_cells(self, session: Session) -> None:
        for number, source in self._cells:
            if number in self._deadly:
                self.errors.append(CellError(cell=number, error=f"left out: {self._deadly[number]}"))
                continue
            try:
                session.run_cell(source)
            except RaisedError as error:
                self.errors.append(CellError(cell=number, error=one_line(f"{error.type_name}: {error.text}")))
            except (TimeLimitError, CrashError) as error:
                self._deadly[number] = one_line(str(error))
                self.bury()
                return

    def student(self) -> Student:
        """The interface for checks. Raises TimeLimitError or CrashError if no process could be had."""
        self.start()
        if self.session is None:
            if time.monotonic() >= self._deadline:
                raise TimeLimitError(f"the {self._limits.submission:g} s for the whole notebook are used up")
            raise CrashError("the notebook ended its process again and again")
        return Student(self.session)

    def solution(self) -> contextlib.AbstractContextManager[Answers]:
        """The author's solution, in a process of its own. Entering it raises StudentError if none could be had."""
        kept = solution_of(self._zygote, self._assignment, self._limits)
        return kept.used(self._deadline, forgives=self._forgives)

    def again(self, deadline: float) -> Run:
        """The same notebook for a new process, without the cells that are known to end one."""
        run = Run(self._zygote, self._assignment, self._cells, deadline, forgives=self._forgives)
        run._deadly |= self._deadly
        return run

    def _process(self) -> Session:
        return Session(self._zygote, self._limits, self._assignment.name, self._deadline, forgives=self._forgives)

    def count_dropped(self) -> None:
        """Ask how much output was too much, of the process that is left."""
        with contextlib.suppress(StudentError):
            self.dropped = 0 if self.session is None else self.session.dropped()

    def bury(self, *, counted: bool = True) -> None:
        """Kill the process; the next check gets a fresh one."""
        self._deaths += counted
        if self.session is not None:
            self.session.close()
            self.session = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.session is not None:
            self.session.close()


def _put_all(assignment: Assignment, run: Run, seed: str, there: DeviceJudge | None) -> dict[str, CheckResult]:
    results: dict[str, CheckResult] = {}
    for check in needed_first(assignment.checks):
        results[check.id] = _put(check, assignment, run, seed, results, there)
    return results


def needed_first(checks: tuple[Check, ...]) -> list[Check]:
    """Checks without needs before those with, so that a question others need is decided before they ask.

    Public checks before all: they show what a function raised, and a function that has seen a hidden input could
    raise that.
    """
    return sorted(checks, key=lambda c: (c.visibility == "hidden", bool(c.needs)))


def _put(
    check: Check,
    assignment: Assignment,
    run: Run,
    seed: str,
    so_far: Mapping[str, CheckResult],
    there: DeviceJudge | None,
) -> CheckResult:
    waiting = next(
        (q for q in check.needs if any(r.outcome != "pass" for i, r in so_far.items() if i.startswith(f"{q}."))),
        None,
    )
    if waiting:
        return verdict(check, "blocked", f"cannot be checked until {waiting} passes.", "blocked")
    own = f"{check.question}."
    deaths = [r for i, r in so_far.items() if r.outcome in {"timeout", "crash"} and i.startswith(own)]
    if len(deaths) >= MAX_DEATHS_A_QUESTION:
        last = deaths[MAX_DEATHS_A_QUESTION - 1]  # that was tried: those after it only repeat what it says
        return verdict(check, last.outcome, f"not tried again: {last.message}", last.diagnosis)

    def here(before: CheckResult | None = None) -> CheckResult:
        if before is not None and before.outcome in {"timeout", "crash"}:
            run.bury(counted=False)  # once a question at most
        result = judge(check, _student(run), assignment.reference, seed, run.defined)
        if result.outcome in {"timeout", "crash"}:
            run.bury()
        return result

    return there.judge(check, _student(run), here, run.defined) if there and there.takes(check) else here()


def _student(run: Run) -> Any:
    try:
        return run.student()
    except StudentError as error:
        return _Dead(error)


class _Dead:
    """A student without a process: every name gives the reason."""

    def __init__(self, error: StudentError) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        raise self._error


def question_of(assignment: Assignment, identity: str, checks: Mapping[str, CheckResult]) -> QuestionResult:
    """A question's result out of those of its checks."""
    question = next(q for q in assignment.settings.questions if q.id == identity)
    own = tuple(checks[c.id] for c in assignment.checks if c.question == identity)
    return QuestionResult(
        id=identity,
        title=question.title,
        bonus=question.bonus,
        score=total(c.points for c in own),
        max_score=question.points,
        checks=own,
    )


def total(points: Iterable[float]) -> float:
    """Points together, without the dust of adding floats."""
    return round(float(sum(points)), 6)


def _unread(submission: Submission, assignment: Assignment, reason: str, *, malformed: bool = False) -> Result:
    return Result(
        schema=1,
        assignment=assignment.name,
        student=submission.student,
        status="malformed" if malformed or submission.malformed else "missing",
        score=0.0,
        max_score=assignment.max_score,
        reason=one_line(reason),
        suite_sha256=assignment.suite_sha256,
    )
