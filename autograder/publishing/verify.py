"""Verifies a result: checks its signature, then grades the submission again with the seed that the result records.

This needs no secret and writes nothing. Differences are listed check by check. Other versions are listed beside them:
they can explain a difference, and are none by themselves.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.assignment.handouts import handed_out
from autograder.authoring.seeds import recorded
from autograder.course import Course
from autograder.errors import AutograderError, DeviceError, SandboxError
from autograder.files import read_bytes
from autograder.intake.own_modules import modules_beside
from autograder.intake.received import Trust, receipt_of
from autograder.intake.submissions import Submission, as_it_came, find_submissions
from autograder.judging.device import Device, open_device
from autograder.judging.not_judged import not_graded
from autograder.judging.submission import grade_submission
from autograder.publishing.signing import ENDING, is_signed, read_signature
from autograder.records.compare import differences
from autograder.records.provenance import provenance
from autograder.records.result import Result
from autograder.records.store import RESULT, read_result, result_path
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.tiers import open_sandbox

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that grading again needs.

    notebook: for all results, in place of those in `submitted`.  signatures: their folder; None if beside the results.

    key: None to check no signatures.  trust: to compare times and commits with the signed records of `submitted`; None
    if the secret is not at hand.
    """

    course: Course
    submitted: Path
    notebook: Path | None = None
    key: Ed25519PublicKey | None = None
    signatures: Path | None = None
    trust: Trust | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """The verification of one result file. signature: about it, in words.  differs: the differences, in words.

    environment: versions that differ on this machine, in words.
    """

    name: str
    signature: str = ""
    differs: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()


def verify(files: Iterable[Path], sources: Sources) -> Iterator[Verification]:
    """Verify the files, one after the other. Raises AutograderError if a notebook or a sandbox is missing."""
    with contextlib.closing(Replayer(sources.course)) as replayer:
        for file in files:
            yield _verify(file, sources, replayer)


def _verify(file: Path, sources: Sources, replayer: Replayer) -> Verification:
    result = read_result(file)
    if result is None:
        return Verification(file.name, differs=("expected a result file whose numbers add up, got something else",))
    name = f"{result.assignment}, {result.student}" + (f", attempt {result.attempt}" if result.attempt else "")
    signature, bad = _signature(file, result, sources)
    replayed = replayer.replay(result, _submission(result, sources))
    return Verification(name, signature, (*bad, *differences(result, replayed)), _environment(result, replayed))


class Replayer:
    """Grades with recorded seeds. It keeps one sandbox for each assignment and tier until it is closed."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._open: dict[tuple[str, str, bool], tuple[Assignment, Zygote]] = {}
        self._devices: dict[str, Device | None] = {}

    def replay(self, result: Result, submission: Submission) -> Result:
        """The submission graded once more: recorded seed and device, and the recorded tier where this machine has it.

        Raises AutograderError if this machine has no sandbox, or does not have the device. Other trouble is an `error`.
        """
        key = (result.assignment, result.sandbox.tier, bool(result.pictures))
        if key not in self._open:
            (name,) = self._course.select((result.assignment,))
            suite = load_assignment(self._course.solutions / name)
            if not result.pictures:  # it was graded without pictures, or the assignment has none
                suite = replace(suite, pictures=())
            self._open[key] = suite, _sandbox(suite, result.sandbox.tier)
        suite, zygote = self._open[key]
        device = self._device(result)
        try:
            return grade_submission(submission, suite, zygote, recorded(result.seed), device)
        except DeviceError:
            raise
        except Exception as error:  # noqa: BLE001 — the other results are verified
            self._open.pop(key)[1].close()
            return not_graded(submission, suite, error)

    def _device(self, result: Result) -> Device | None:
        if result.device not in self._devices:
            try:
                self._devices[result.device] = open_device(result.device)
            except DeviceError as error:
                who = f"{result.assignment}, {result.student}"
                raise DeviceError(f"{who}: recorded on {result.device}, cannot be replayed here. {error}") from None
        return self._devices[result.device]

    def close(self) -> None:
        """End the sandboxes."""
        for _, zygote in self._open.values():
            zygote.close()


def _sandbox(suite: Assignment, recorded: str) -> Zygote:
    """A sandbox; always one, even if the result was graded without."""
    handouts = {suite.name: suite.handouts}
    open_one = partial(open_sandbox, handouts, equipment=suite.equipment)
    if recorded == "A":
        with contextlib.suppress(SandboxError):
            return open_one("A")
    return open_one("B" if recorded == "B" else None)


def _environment(old: Result, new: Result) -> tuple[str, ...]:
    then, today = old.provenance, new.provenance or provenance()
    differences = [
        f"{field} recorded {before}, here {now}"
        for field, before, now in (
            ("sandbox", old.sandbox.model_dump(), new.sandbox.model_dump()),
            *((f, getattr(then, f), getattr(today, f)) for f in ("autograder", "python", "numpy") if then),
        )
        if before != now
    ]
    if then is None:
        differences.append("the result records no versions")
    else:
        differences += ["other installed versions"] if then.lock_sha256 != today.lock_sha256 else []
        differences += [f"commit recorded {then.commit or 'none'}, here {today.commit or 'none'}"] * (
            then.commit != today.commit
        )
    return tuple(differences)


def _submission(result: Result, sources: Sources) -> Submission:
    """What to grade again. Without a record that this course's secret signed, it came in as the result says."""
    facts = {flag.kind: flag.data for flag in result.flags}
    if sources.notebook:
        name = "".join(facts.get("named_after", ()))
        ours = handed_out(sources.course, (result.assignment,))[result.assignment]
        modules = modules_beside(sources.notebook.parent, ours)
        submission = Submission(result.student, result.assignment, sources.notebook, named_after=name, modules=modules)
    else:
        submission = _handed_in(result, sources)
        if submission.received or submission.commit:
            return submission  # the result must agree with it
    return replace(
        submission,
        received=result.received,
        undated="".join(facts.get("undated", ())),
        commit=result.provenance.commit if result.provenance else "",
        unsigned=facts.get("unsigned", ()),
        missigned=facts.get("missigned", ()),
        attempt=result.attempt,
    )


def _handed_in(result: Result, sources: Sources) -> Submission:
    """The submission in its folder. Raises AutograderError if there is none."""
    names = (result.assignment,)
    submissions = find_submissions(sources.submitted, names, handed_out=handed_out(sources.course, names))
    fitting = [s for s in submissions if (s.student, s.attempt) == (result.student, result.attempt)]
    if not fitting:
        raise AutograderError(
            f"{sources.submitted}: expected a submission of {result.student!r}, got none. "
            "Hint: autograder collect, or --notebook FILE."
        )
    (submission,) = fitting[:1]
    if sources.trust is None or submission.notebook is None:
        return submission
    receipt = receipt_of(submission.notebook.parent, submission.notebook, submission.place, sources.trust)
    return as_it_came(submission, receipt)


def _signature(file: Path, result: Result, sources: Sources) -> tuple[str, tuple[str, ...]]:
    """The signature in words, and what is wrong with it."""
    place = file
    if sources.signatures:
        place = result_path(sources.signatures, result.assignment, result.student, result.attempt)
    signature = read_signature(place.with_name(place.name + ENDING))
    if sources.key is None:
        return ("signed; not checked: there is no --key" if signature is not None else "not signed"), ()
    if signature is None:
        return "", ("signature: expected one of the key, got none",)
    if not is_signed(read_bytes(file, RESULT), signature, sources.key):
        return "", ("signature: it is not this key's signature of this file",)
    return "signed by this key", ()
