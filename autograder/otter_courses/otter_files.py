"""The files of a graded class: results.json and result.json of each submission, and final_grades.csv, as otter has it.

A submission's name is a student's text. It becomes the name of a folder only through `file_name`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from autograder.files import write_atomically
from autograder.otter_courses.gradescope_results import results_json, top_score
from autograder.otter_courses.otter_result import OtterResult
from autograder.otter_courses.otter_settings import OtterSettings
from autograder.text import csv_text, file_name, points_text, spreadsheet_text

GRADES = "final_grades.csv"


def write_result(result: OtterResult, settings: OtterSettings, out: Path) -> None:
    """Write OUT/NAME/results.json, which Gradescope takes, and OUT/NAME/result.json, which has all for the teacher."""
    folder = out / file_name(result.name)
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / "results.json", results_json(result, settings), lasting=False)
    write_atomically(folder / "result.json", result.to_json(), lasting=False)


def write_grades(results: Sequence[OtterResult], settings: OtterSettings, out: Path) -> None:
    """Write OUT/final_grades.csv: a line a submission, a column a question, as `otter grade` has it."""
    write_atomically(out / GRADES, csv_text(_rows(results, settings)), lasting=False)


def questions_of(results: Iterable[OtterResult]) -> dict[str, float]:
    """The points of every question, in the order of the first submission that has it."""
    return {question.name: question.possible for result in results for question in result.questions}


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
