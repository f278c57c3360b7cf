"""The files of a graded class: results.json and result.json of each submission, and final_grades.csv, as otter has it.

A submission's name is a student's text. It becomes the name of a folder only through `file_name`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from autograder.files import write_atomically
from autograder.otter_courses.gradescope_results import results_json, top_score
from autograder.otter_courses.otter_pages import OtterPages, questions_of
from autograder.otter_courses.otter_result import OtterResult
from autograder.otter_courses.otter_settings import OtterSettings
from autograder.text import csv_text, file_name, points_text, spreadsheet_text

GRADES = "final_grades.csv"


class ClassFolder:
    """The folder in which the results of a class are written."""

    def __init__(self, out: Path, title: str, settings: OtterSettings) -> None:
        self._out, self._settings = out, settings
        self._pages = OtterPages(title, settings)

    def add(self, result: OtterResult) -> None:
        """Write OUT/NAME/: results.json for Gradescope, result.json with all for the teacher, the student's page."""
        folder = self._out / file_name(result.name)
        folder.mkdir(parents=True, exist_ok=True)
        texts = {
            "results.json": results_json(result, self._settings),
            "result.json": result.to_json(),
            "feedback.html": self._pages.feedback(result, score_of(result, self._settings)),
        }
        for name, text in texts.items():
            write_atomically(folder / name, text, lasting=False)

    def finish(self, results: Sequence[OtterResult]) -> Path:
        """Write OUT/final_grades.csv, a line a submission as in `otter grade`, and OUT/index.html; returns this.

        Submissions that an earlier run graded keep their line: whoever grades one notebook again loses nobody.
        """
        index = self._out / "index.html"
        everyone = [*results, *self._earlier({file_name(result.name) for result in results})]
        scores = [score_of(result, self._settings) for result in everyone]
        write_atomically(self._out / GRADES, csv_text(_rows(everyone, self._settings)), lasting=False)
        write_atomically(index, self._pages.overview(everyone, scores), lasting=False)
        return index

    def _earlier(self, graded: Container[str]) -> list[OtterResult]:
        """The results in OUT that are of no folder in `graded`. One that cannot be read has no line."""
        results = []
        for path in sorted(self._out.glob("*/result.json")):
            if path.parent.name not in graded:
                with contextlib.suppress(OSError, ValidationError):
                    results.append(OtterResult.model_validate_json(path.read_bytes()))
        return results


def score_of(result: OtterResult, settings: OtterSettings) -> float:
    """The score of a submission: the one that the settings ask for, or the sum of its questions."""
    top = top_score(result, settings) if result.questions else None
    return result.total if top is None else top


def _rows(results: Sequence[OtterResult], settings: OtterSettings) -> Iterator[list[str]]:
    questions = questions_of(results)
    yield ["file", *map(spreadsheet_text, questions), "total", "possible", "percent_correct", "score", "status"]
    for result in results:
        scores = {question.name: points_text(question.score) for question in result.questions}
        yield [
            spreadsheet_text(result.name),
            *(scores.get(name, "") for name in questions),
            points_text(result.total),
            points_text(sum(questions.values())),
            points_text(result.percent),
            points_text(score_of(result, settings)),
            result.status,
        ]
