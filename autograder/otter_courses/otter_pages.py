"""The pages of a graded class: one a student, and an overview for the teacher. They load nothing, and run no script.

A student's page holds the teacher's words, and code of public examples only. It does not say which cells raised: a
process can ask for the code of hidden examples at any time, and could write it down in this way. The overview shows
everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.html_pages import page_environment
from autograder.otter_courses.otter_result import OtterResult
from autograder.otter_courses.otter_settings import OtterSettings
from autograder.text import file_name, several_lines

_MAX_SHOWN = 2000  # characters of a student's answer on the teacher's page


class OtterPages:
    """Makes the pages of one class. title: of the assignment."""

    def __init__(self, title: str, settings: OtterSettings) -> None:
        self._settings = settings
        self._environment = page_environment("autograder.otter_courses")
        self._environment.filters.update(lines=lambda text: several_lines(text[:_MAX_SHOWN]), folder=file_name)
        self._environment.globals.update(title=title, settings=settings)

    def feedback(self, result: OtterResult, score: float) -> str:
        """A student's page."""
        template = self._environment.get_template("feedback.html")
        return template.render(r=result, score=score, shows_points=self._shows_points(result))

    def overview(self, results: Sequence[OtterResult], scores: Sequence[float]) -> str:
        """The teacher's page. scores: of each result."""
        return self._environment.get_template("overview.html").render(
            rows=list(zip(results, scores, strict=True)),
            questions=questions_of(results),
            inside=sorted({q.name for r in results for q in r.questions if q.inside}),
            guessable={q.name: q.guessable for r in results for q in r.questions if q.guessable},
        )

    def _shows_points(self, result: OtterResult) -> bool:
        """Whether students see points: only if they tell nothing of hidden cases, or the teacher shows those."""
        public = not any(case.hidden for question in result.questions for case in question.cases)
        return self._settings.show_hidden or public


def questions_of(results: Iterable[OtterResult]) -> dict[str, float]:
    """The points of every question, in the order of the first submission that has it."""
    return {question.name: question.possible for result in results for question in result.questions}
