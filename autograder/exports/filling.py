"""Writes scores into the cells of a host's file, and says for whom and for what none could be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.errors import AutograderError
from autograder.exports.numbers import decimal_sign, number_text, read_number
from autograder.exports.people import HostStudent, Keys, Reason, host_student, match_rows
from autograder.exports.sheet import Sheet, key_of
from autograder.marks import Mark
from autograder.roster.columns import plain
from autograder.roster.roster import Person
from autograder.text import one_line, points_text

EXCUSED = frozenset({"ex", "exempt", "excused"})  # a person excused the student in the host; the cell stays
Recorded = Mapping[tuple[str, str], Mapping[str, str]]  # {(assignment, student): {kind: what the host called them}}
NOTHING: Recorded = {}


@dataclass(frozen=True, slots=True)
class NoRow:
    """A student of ours without a row. scored: whether a score should have been written."""

    student: str
    reason: Reason
    scored: bool


@dataclass(frozen=True, slots=True)
class NoColumn:
    """An assignment without its own column. columns: how many are called so.  scored: as in NoRow."""

    assignment: str
    header: str
    columns: int
    scored: bool


@dataclass(frozen=True, slots=True)
class Stranger:
    """A row of the file for whose student there is no result. left: the student left the class."""

    name: str
    left: bool


@dataclass(frozen=True, slots=True)
class ExcusedInHost:
    """A score that was not written, because the host's file says that the student is excused."""

    student: str
    assignment: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled file. written: number of scores.  notes: about the host's settings, for the instructor."""

    data: bytes
    written: int
    sheet: str = ""
    no_rows: tuple[NoRow, ...] = ()
    no_columns: tuple[NoColumn, ...] = ()
    strangers: tuple[Stranger, ...] = ()
    kept: tuple[ExcusedInHost, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def incomplete(self) -> bool:
        """Whether a score could not be written."""
        return any(row.scored for row in self.no_rows) or any(column.scored for column in self.no_columns)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to write. recorded: by `collect`.  gone: people of the roster who left the class.

    excused: the host's word for a student who need not do it; "" if the file has none.
    """

    marks: Sequence[Mark]
    recorded: Recorded = field(default_factory=dict)
    gone: Sequence[Person] = ()
    missing_as_zero: bool = False
    excused: str = ""

    @property
    def assignments(self) -> tuple[str, ...]:
        """The assignments that have marks, in order."""
        return tuple(sorted({m.result.assignment for m in self.marks}))

    def max_score(self, assignment: str) -> float:
        """The most points that an assignment gives."""
        return [m.result.max_score for m in self.marks if m.result.assignment == assignment][-1]

    def students(self) -> list[HostStudent]:
        """Everyone who has a mark, with all that is known of them.

        A recorded number of two students is of a group's work: it is one member's, and nobody knows whose.
        """
        people = {m.result.student: m.student for m in self.marks}
        known: dict[str, set[tuple[str, str]]] = {student: set() for student in people}
        for mark in self.marks:
            known[mark.result.student] |= self.recorded.get((mark.result.assignment, mark.result.student), {}).items()
        owners = Counter(value for values in known.values() for value in values)
        return [
            host_student(student, person, sorted(value for value in known[student] if owners[value] == 1))
            for student, person in people.items()
        ]

    def text(self, mark: Mark) -> str:
        """The mark for a gradebook, as `score_text` or the word for excused."""
        return self.excused if mark.excused else score_text(mark, missing_as_zero=self.missing_as_zero)


def fill_in(
    sheet: Sheet,
    wanted: Wanted,
    rows: Mapping[int, Keys],
    columns: Mapping[str, int],
    *,
    kept: Sequence[int] = (),
    name_of: Callable[[int], str],
) -> Filled:
    """The sheet with scores. rows: of students.  columns: by assignment.  kept: the columns to write back, or all.

    name_of: what a row calls its student.
    """
    students = wanted.students()
    matches = match_rows(students, rows)
    cells, excused = _cells(sheet, wanted, matches.rows, columns)
    scored = {m.result.student for m in wanted.marks if wanted.text(m)}
    no_rows = (NoRow(student, reason, student in scored) for student, reason in sorted(matches.reasons.items()))
    free = {row: keys for row, keys in rows.items() if row not in matches.rows.values()}
    left = match_rows([host_student(p.id, p) for p in wanted.gone], free).rows.values()
    return Filled(
        sheet.to_bytes({place: text for place, text in cells.items() if text is not None}, kept),
        sum(wanted.text(m) != wanted.excused for m in _written(wanted, matches.rows, columns)) - len(excused),
        sheet.name,
        tuple(no_rows),
        strangers=tuple(Stranger(name_of(row), row in left) for row in free),
        kept=tuple(excused),
    )


def _written(wanted: Wanted, rows: Mapping[str, int], columns: Mapping[str, int]) -> Iterable[Mark]:
    """The marks that have a place in the file and something to write."""
    return (m for m in wanted.marks if m.result.student in rows and m.result.assignment in columns and wanted.text(m))


def _cells(
    sheet: Sheet, wanted: Wanted, rows: Mapping[str, int], columns: Mapping[str, int]
) -> tuple[dict[tuple[int, int], str], list[ExcusedInHost]]:
    """{(row, column): text}, and the scores that an excused cell kept out. A cell of the same number stays."""
    sign = decimal_sign(sheet.value(i, j) for i in range(1, len(sheet.rows)) for j in range(len(sheet.rows[i])))
    cells, kept = {}, []
    for mark in _written(wanted, rows, columns):
        place = rows[mark.result.student], columns[mark.result.assignment]
        before = sheet.value(*place)
        if mark.excused:
            cells[place] = wanted.excused
        elif before.casefold() in EXCUSED:
            kept.append(ExcusedInHost(mark.result.student, mark.result.assignment))
        elif read_number(before, sign) != mark.score:
            cells[place] = number_text(mark.score, sign)
    return cells, kept


def find_columns(
    sheet: Sheet, wanted: Wanted, names: Mapping[str, Sequence[str]], title: Callable[[str], str]
) -> tuple[dict[str, int], tuple[NoColumn, ...]]:
    """{assignment: column}, and the assignments that have none. names: what each assignment's column may be called.

    title: of a header, the part that is the assignment's.  Raises AutograderError if no assignment has a column.
    """
    columns: dict[str, int] = {}
    lacking = []
    for assignment in wanted.assignments:
        places = _called(sheet, names[assignment], title)
        if len(places) == 1:
            columns[assignment] = places[0]
        else:
            scored = any(wanted.text(m) for m in wanted.marks if m.result.assignment == assignment)
            lacking.append(NoColumn(assignment, names[assignment][0], len(places), scored))
    if not columns:
        missing = lacking[0]
        got = str(missing.columns) if missing.columns else "none in " + one_line(", ".join(sheet.header), 200)
        raise AutograderError(
            f"{sheet.name}: expected one column {missing.header!r}, got {got}. "
            f"Hint: --column {missing.assignment}=HEADER."
        )
    return columns, tuple(lacking)


def _called(sheet: Sheet, names: Sequence[str], title: Callable[[str], str]) -> list[int]:
    """The columns of those names. Spaces, `_` and `-` are the same only if no column has the name as it is."""
    for key in (key_of, plain):
        wanted = {key(name) for name in names}
        columns = [i for i, head in enumerate(sheet.header) if {key(head), key(title(head))} & wanted]
        if columns:
            return columns
    return []


def other_maxima(wanted: Wanted, maxima: Mapping[str, Collection[float]], host: str) -> tuple[str, ...]:
    """A note for each assignment for which the host has another maximum."""
    return tuple(
        f"{assignment}: expected {points_text(wanted.max_score(assignment))} points possible in {host}, "
        f"got {points_text(most)}"
        for assignment, numbers in maxima.items()
        for most in sorted(set(numbers))
        if most != wanted.max_score(assignment)
    )


def score_text(mark: Mark, *, missing_as_zero: bool = False) -> str:
    """The text for a gradebook: "" if nothing was handed in, or if there is no verdict yet; malformed counts 0."""
    if not mark.result.has_verdict or (mark.result.status == "missing" and not missing_as_zero):
        return ""
    return points_text(mark.score)
