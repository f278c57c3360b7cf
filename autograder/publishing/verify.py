"""Verifies a result: checks its signature, then grades the submission again with the seed that the result records.

This needs no secret and writes nothing. Differences are listed check by check. Other versions are listed beside them:
they can explain a difference, and are none by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.assignment.handouts import handed_out
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import read_bytes
from autograder.intake.own_modules import modules_beside
from autograder.intake.received import Trust, receipt_of
from autograder.intake.submissions import Submission, as_it_came, find_submissions, nothing_handed_in
from autograder.publishing.replaying import replaying
from autograder.publishing.signing import ENDING, is_signed, read_signature
from autograder.records.compare import differences
from autograder.records.provenance import provenance
from autograder.records.result import Result
from autograder.records.store import RESULT, read_result, result_path

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FEW = 8  # results that one process grades again before another one has started
AT_ONCE = 50  # results that are read, and graded again, before the first of them is told


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


def verify(files: Sequence[Path], sources: Sources, jobs: int = 1) -> Iterator[Verification]:
    """Verify the files, in their order. Raises AutograderError if a notebook or a sandbox is missing.

    jobs: how many processes grade at a time, if there is work for them.
    """
    handed_in = _HandedIn(sources)
    with replaying(sources.course, jobs if len(files) > FEW else 1) as replay:
        for batch in (files[i : i + AT_ONCE] for i in range(0, len(files), AT_ONCE)):
            results, missing = _read(batch, handed_in)
            replayed = replay([(result, submission) for _, result, submission in results if result and submission])
            for file, result, _ in results:
                yield _verification(file, result, next(replayed), sources) if result else _unreadable(file)
            if missing:
                raise missing


def _read(
    files: Iterable[Path], handed_in: _HandedIn
) -> tuple[list[tuple[Path, Result | None, Submission | None]], AutograderError | None]:
    """Each file with its result and what was handed in, up to the first without; and what to say of this one."""
    read: list[tuple[Path, Result | None, Submission | None]] = []
    for file in files:
        result = read_result(file)
        try:
            read.append((file, result, handed_in.submission(result) if result else None))
        except AutograderError as error:
            return read, error
    return read, None


def _unreadable(file: Path) -> Verification:
    return Verification(file.name, differs=("expected a result file whose numbers add up, got something else",))


def _verification(file: Path, result: Result, replayed: Result, sources: Sources) -> Verification:
    name = f"{result.assignment}, {result.student}" + (f", attempt {result.attempt}" if result.attempt else "")
    signature, bad = _signature(file, result, sources)
    return Verification(name, signature, (*bad, *differences(result, replayed)), _environment(result, replayed))


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


class _HandedIn:
    """What was handed in. The folder of submissions is read once for each assignment."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._found: dict[str, dict[tuple[str, int], Submission]] = {}

    def submission(self, result: Result) -> Submission:
        """What to grade again. Without a record that this course's secret signed, it came in as the result says.

        Raises AutograderError if there is none.
        """
        facts, sources = {flag.kind: flag.data for flag in result.flags}, self._sources
        if sources.notebook:
            name = "".join(facts.get("named_after", ()))
            ours = handed_out(sources.course, (result.assignment,))[result.assignment]
            modules = modules_beside(sources.notebook.parent, ours)
            handed_in = Submission(
                result.student, result.assignment, sources.notebook, named_after=name, modules=modules
            )
        else:
            handed_in = self._in_its_folder(result)
            if handed_in.received or handed_in.commit:
                return handed_in  # the result must agree with it
        return replace(
            handed_in,
            received=result.received,
            undated="".join(facts.get("undated", ())),
            commit=result.provenance.commit if result.provenance else "",
            unsigned=facts.get("unsigned", ()),
            missigned=facts.get("missigned", ()),
            attempt=result.attempt,
        )

    def _in_its_folder(self, result: Result) -> Submission:
        place, names = self._sources.submitted, (result.assignment,)
        if result.assignment not in self._found:
            every = find_submissions(place, names, handed_out=handed_out(self._sources.course, names))
            self._found[result.assignment] = {(s.student, s.attempt): s for s in every}
        submission = self._found[result.assignment].get((result.student, result.attempt))
        if submission is None and result.status == "missing":
            return nothing_handed_in(result.student, result.assignment)
        if submission is None:
            raise AutograderError(
                f"{place}: expected a submission of {result.student!r}, got none. "
                "Hint: autograder collect, or --notebook FILE."
            )
        if self._sources.trust is None or submission.notebook is None:
            return submission
        receipt = receipt_of(submission.notebook.parent, submission.notebook, submission.place, self._sources.trust)
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
