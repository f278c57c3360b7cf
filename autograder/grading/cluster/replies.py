"""Replies of workers → results: each once, and only if it is what this run asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from autograder.authoring.seeds import seed_of
from autograder.errors import AutograderError, SandboxError
from autograder.grading.cluster.messages import CourseMessage, Reply, SubmissionMessage
from autograder.judging.device import CPU
from autograder.records.grades import key_of
from autograder.records.provenance import Provenance
from autograder.records.result import Result


class ReplyReader:
    """Compares each result with what was sent. All results of a class must be of one sandbox tier: the first one's."""

    def __init__(self, course: CourseMessage) -> None:
        self._course = course
        self._versions = Provenance.model_validate_json(course.versions)
        self._tier: str | None = course.tier

    def take(self, reply: Reply, batch: Sequence[SubmissionMessage]) -> Iterator[Result]:
        """The results of a batch. If the worker could not grade all, raises SandboxError with its words after them.

        Raises AutograderError for a result that was not asked for, and for a tier that is not the others'.
        """
        missing = {key_of(message.submission): message for message in batch}
        for text in reply["results"]:
            result = _read(text, reply["worker"])
            message = missing.pop(key_of(result), None)
            if message is None or not self._answers(result, message):
                raise AutograderError(
                    f"{reply['worker']}: expected results of the notebooks that it was sent, got another. "
                    "Hint: restart this worker."
                )
            self._require_tier(result, reply["worker"])
            yield result
        if reply["error"]:
            raise SandboxError(f"{reply['worker']}: {reply['error']}")
        if missing:
            raise AutograderError(f"{reply['worker']}: expected {len(batch)} results, got {len(batch) - len(missing)}.")

    def _answers(self, result: Result, message: SubmissionMessage) -> bool:
        versions = result.provenance and result.provenance.model_copy(update={"commit": ""})
        graded = result.status == "graded"
        return (
            versions == self._versions
            and result.device == (self._course.device if graded else CPU)
            and result.suite_sha256 == self._course.suites[result.assignment]
            and result.submission_sha256 == (message.sha256 if graded else "")
            and result.seed == (seed_of(self._course.secret, result.assignment, message.sha256) if graded else "")
        )

    def _require_tier(self, result: Result, worker: str) -> None:
        tier = result.sandbox.tier
        if tier == "none":  # nothing ran
            return
        self._tier = self._tier or tier
        if tier != self._tier:
            raise SandboxError(
                f"{worker}: expected sandbox tier {self._tier} as on the other workers, got {tier}. "
                "Hint: autograder doctor on that machine, or --tier B for all of them."
            )


def _read(text: str, worker: str) -> Result:
    try:
        return Result.model_validate_json(text)
    except ValidationError:
        raise AutograderError(f"{worker}: expected a result file's text, got something else.") from None
