"""The verdicts of each test on the solution, the blank release and mutants, inside the student's process and outside.

Each draft is written as an assignment of a course in a temporary folder, and these notebooks are graded as submissions.
So the verdicts are those that students would get. Running inside is what the other tool does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.assignment.samples import Cells, notebook_text, solved_cells, starter_cells, with_cell
from autograder.audit.mutants import mutants
from autograder.course import FILE, open_course
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.importing.draft import ImportDraft, Way, can_be_check
from autograder.intake.submissions import Submission
from autograder.records.result import CheckResult, Result

MUTANTS = 10
SOLUTION, BLANK = "solution", "blank"
_NAME = "imported"
Verdicts = Mapping[str, CheckResult]  # of one check, by the notebook's name


@dataclass(frozen=True, slots=True)
class Decided:
    """A test with a decision.

    ways: those that were tried, the last one is the decision.  differs: the notebook on which the way before `inside`
    gave other points; "" if none did.  inside, outside: the verdicts there.  blank_passes: whether the blank release
    gets points for it.
    """

    ways: tuple[Way, ...]
    differs: str = ""
    inside: CheckResult | None = None
    outside: CheckResult | None = None
    blank_passes: bool = False

    @property
    def way(self) -> Way:
        """The decision."""
        return self.ways[-1]


@dataclass(frozen=True, slots=True)
class SettledDraft:
    """A draft whose tests are all decided. decided: by the test's place.  mutants: how many were tried."""

    draft: ImportDraft
    decided: Mapping[int, Decided]
    mutants: int


def settle(
    draft: ImportDraft, files: Mapping[str, bytes], jobs: int, step: Callable[[], None] = lambda: None
) -> SettledDraft:
    """Decide about every test of a draft. files: the hand-outs.  step: called after each round of grading.

    Raises CourseError if the draft is no assignment.
    """
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        trial = _Trial(Path(folder), files, jobs, step)
        places = tuple(place for place, part in enumerate(draft.parts) if part.kind == "test")
        draft, inside = _as_in_the_other_tool(replace(draft, ways=dict.fromkeys(places, "inside")), trial)
        tried: dict[int, list[Way]] = {p: [] for p in places}
        decided: dict[int, Decided] = {p: _dropped(inside[p]) for p in places if not _passes(inside[p][SOLUTION])}
        differing: dict[int, str] = {}
        outside: dict[int, Verdicts] = {}
        while open_places := [p for p in places if p not in decided]:
            for place in open_places:
                tried[place].append(_next_way(draft, place, tried[place]))
            ways = {p: decided[p].way if p in decided else tried[p][-1] for p in places}
            draft = replace(draft, ways=ways)
            verdicts = trial.verdicts(draft)
            for place in open_places:
                other = _first_difference(inside[place], verdicts[place])
                if not other or ways[place] == "inside":
                    decided[place] = _decision(
                        tried[place], differing.get(place, ""), inside[place], outside.get(place)
                    )
                else:
                    differing[place], outside[place] = other, verdicts[place]
        return SettledDraft(draft, {p: decided[p] for p in places}, trial.mutants)


def _as_in_the_other_tool(draft: ImportDraft, trial: _Trial) -> tuple[ImportDraft, Mapping[int, Verdicts]]:
    """The verdicts inside. If one needs values that later cells change, copies are kept for it."""
    verdicts = trial.verdicts(draft)
    failing = frozenset(p for p in draft.ways if not _passes(verdicts[p][SOLUTION]))
    copying = replace(draft, copies=failing)
    if copying.files() == draft.files():
        return draft, verdicts
    again = trial.verdicts(copying)
    helped = frozenset(p for p in failing if _passes(again[p][SOLUTION]))
    return replace(draft, copies=helped), {p: again[p] if p in helped else verdicts[p] for p in draft.ways}


def _next_way(draft: ImportDraft, place: int, tried: Sequence[Way]) -> Way:
    part = draft.parts[place]
    order: list[Way] = ["check"] if part.is_public and can_be_check(draft.parts, place) else []
    order += ["lifted", "fetched", "inside"]
    return next(way for way in order if way not in tried)


def _passes(result: CheckResult) -> bool:
    return result.outcome == "pass"


def _first_difference(inside: Verdicts, outside: Verdicts) -> str:
    """The first notebook on which two verdicts give other points; "" if there is none."""
    return next((name for name, result in inside.items() if result.points != outside[name].points), "")


def _dropped(inside: Verdicts) -> Decided:
    return Decided(("dropped",), SOLUTION, inside[SOLUTION])


def _decision(tried: Sequence[Way], differs: str, inside: Verdicts, outside: Verdicts | None) -> Decided:
    after = outside[differs] if outside is not None and differs else None
    before = inside[differs] if differs else None
    return Decided(tuple(tried), differs, before, after, blank_passes=inside[BLANK].points > 0)


class _Trial:
    """Grades drafts in a temporary course. mutants: how many each draft is tried with."""

    def __init__(self, folder: Path, files: Mapping[str, bytes], jobs: int, step: Callable[[], None]) -> None:
        self._folder, self._files, self._jobs, self._step = folder, files, jobs, step
        self._rounds = self.mutants = 0

    def verdicts(self, draft: ImportDraft) -> dict[int, Verdicts]:
        """The verdicts of each test of a draft that is not dropped."""
        self._rounds += 1
        root = self._folder / str(self._rounds)
        write_assignment(root / "solutions" / _NAME, draft, self._files)
        (root / FILE).write_text('title = "Import"\n', encoding="utf-8")
        results = self._graded(root, _notebooks(load_assignment(root / "solutions" / _NAME)))
        self._step()
        ids = {place: draft.check_id(place) for place, way in draft.ways.items() if way != "dropped"}
        by_id = {name: {check.id: check for check in result.checks} for name, result in results.items()}
        return {p: {name: checks[identity] for name, checks in by_id.items()} for p, identity in ids.items()}

    def _graded(self, root: Path, notebooks: Mapping[str, Cells]) -> dict[str, Result]:
        self.mutants = len(notebooks) - 2
        submissions = []
        for i, cells in enumerate(notebooks.values()):
            path = root / f"{i:03d}.ipynb"
            path.write_text(notebook_text(cells), encoding="utf-8")
            submissions.append(Submission(path.stem, _NAME, path))
        plan = GradingPlan(
            open_course(root),
            (_NAME,),
            tuple(submissions),
            root / "results",
            self._jobs,
            everything=True,
            pictures=False,
        )
        return dict(zip(notebooks, grade(plan), strict=True))


def _notebooks(assignment: Assignment) -> dict[str, Cells]:
    """The solution, the blank release and some mutants, spread over all that there are."""
    solution = solved_cells(assignment)
    changed = list(mutants(assignment, statements=True))
    spread = [changed[i * len(changed) // MUTANTS] for i in range(MUTANTS)] if len(changed) > MUTANTS else changed
    return {
        SOLUTION: solution,
        BLANK: starter_cells(assignment),
        **{mutant.name: with_cell(solution, mutant.cell, mutant.source) for mutant in spread},
    }


def write_assignment(folder: Path, draft: ImportDraft, files: Mapping[str, bytes]) -> None:
    """Write solutions/NAME: our three files, and the hand-outs."""
    folder.mkdir(parents=True)
    for name, text in draft.files().items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
