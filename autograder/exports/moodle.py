"""Moodle: a grading worksheet of one assignment, downloaded there and filled in here.

Its columns differ by site, settings and language, so this module makes no header. Moodle reads the identifier (the
number at its end), the grade and the time of the last grade, each by its name in the site's language. It writes the
grade right before the maximum grade, which is the same number in every row:
https://github.com/moodle/moodle/blob/main/mod/assign/gradingtable.php
https://github.com/moodle/moodle/blob/main/mod/assign/feedback/offline/importgradeslib.php
"""

from __future__ import annotations

import re
from dataclasses import replace

from autograder.errors import AutograderError
from autograder.exports.filling import Filled, Wanted, fill_in, other_maxima
from autograder.exports.numbers import decimal_sign, read_number
from autograder.exports.people import row_keys
from autograder.exports.sheet import Sheet
from autograder.marks import Mark
from autograder.roster.columns import meaning, plain
from autograder.text import one_line

# The words of Moodle's language packs.
_GRADE = frozenset(
    "grade,bewertung,note,évaluation,calificación,valutazione,voto,cijfer,beoordeling,nota,avaliação,ocena,"
    "qualificació,cualificación,kalifikazioa,betyg,karakter,karakterer,arvosana,arviointi,známka,hodnocení,hodnotenie,"
    "értékelés,osztályzat,notă,not,оценка,оцінка,βαθμός,ocjena,评分,成绩,評點,成績,評定,성적,الدرجة,ציון".split(",")
)
_MAXIMUM = frozenset(
    "maximum grade,bestwertung,höchstbewertung,note maximale,calificación máxima,valutazione massima,voto massimo,"
    "maximumcijfer,maximale cijfer,maximumbeoordeling,nota máxima,avaliação máxima,maksymalna ocena,ocena maksymalna,"
    "qualificació màxima,cualificación máxima,maximalt betyg,maksimal karakter,最高成绩,最大评分,最大評点".split(",")
)
_IDENTIFIER = frozenset(
    "identifier,id,identifiant,identificateur,identificador,identificativo,identificatie,identificatienummer,"
    "identyfikator,identifikatzailea,идентификатор,ідентифікатор,标识符,識別碼".split(",")
)
_PARTICIPANT = re.compile(r"[^\W\d_][^\d]*\d+")  # `Participant 111`, `Teilnehmer/in 111`; some languages have no space


def fill(sheet: Sheet, wanted: Wanted, id_column: str = "", grade_column: str = "") -> Filled:
    """The worksheet with our scores in its grade column. Every other byte stays as it was.

    id_column, grade_column: names of columns where the worksheet's own are not to be taken; "" for these.
    Raises AutograderError if a column is missing or marks are of several assignments.
    """
    name = the_assignment(wanted)
    kinds = _kinds(sheet, id_column)
    maximum = _maximum(sheet)
    grades = _grades(sheet, grade_column, maximum)
    rows = {i: row_keys(sheet, i, kinds) for i in range(1, len(sheet.rows)) if any(sheet.rows[i])}
    shown = kinds.get("name", next(iter(kinds.values())))
    filled = fill_in(sheet, wanted, rows, {name: grades}, name_of=lambda row: sheet.value(row, shown))
    return replace(filled, notes=_notes(sheet, wanted, maximum))


def the_assignment(wanted: Wanted) -> str:
    """The one assignment of the marks: a worksheet has no room for two. Raises AutograderError."""
    names = wanted.assignments
    if len(names) != 1:
        raise AutograderError(f"moodle: expected one assignment, got {', '.join(names) or 'none'}. Hint: -a NAME.")
    return names[0]


def is_worksheet(sheet: Sheet) -> bool:
    """Whether the file is a grading worksheet: it has the participants' numbers, and a column of grades."""
    named, place = {plain(head) for head in sheet.header}, _identifier(sheet)
    if place is None or not (named & _GRADE or _maximum(sheet) is not None):
        return False
    return bool(named & _MAXIMUM) or (len(sheet.rows) > 1 and bool(_PARTICIPANT.fullmatch(sheet.value(1, place))))


def _kinds(sheet: Sheet, id_column: str) -> dict[str, int]:
    """{kind: column} of all columns about the student; of the one that is asked for only."""
    if id_column:
        place = sheet.require(id_column, hint="--id-column NAME, for another language")
        kind = meaning(id_column)
        return {"id": place, "moodle_id": place} | ({kind: place} if kind else {})
    kinds = {kind: i for i, head in reversed([*enumerate(sheet.header)]) if (kind := meaning(head))}
    kinds.pop("id", None)
    identifier = _identifier(sheet)
    if identifier is None and not kinds.keys() & {"email", "login", "sis_id"}:
        sheet.require("Identifier", hint="--id-column NAME, for another language")
    return kinds if identifier is None else {**kinds, "moodle_id": identifier}


def _identifier(sheet: Sheet) -> int | None:
    """The column of the participants' numbers: by its values, or else by its name."""
    for column in range(len(sheet.header)):
        texts = [text for i in range(1, len(sheet.rows)) if (text := sheet.value(i, column))]
        if texts and len(set(texts)) == len(texts) and all(map(_PARTICIPANT.fullmatch, texts)) and _one_word(texts):
            return column
    return next((i for i, head in enumerate(sheet.header) if plain(head) in _IDENTIFIER), None)


def _one_word(texts: list[str]) -> bool:
    """Whether one and the same word stands in front of all numbers, as it does where a host writes it."""
    return len({text.rstrip("0123456789") for text in texts}) == 1


def _maximum(sheet: Sheet) -> int | None:
    """The column of the maximum grade: by its name; or else the only one that has one number above 0 in every row."""
    named = next((i for i, head in enumerate(sheet.header) if plain(head) in _MAXIMUM), None)
    if named is not None:
        return named
    same = [i for i in range(1, len(sheet.header)) if len(_numbers(sheet, i)) == 1 and min(_numbers(sheet, i)) > 0]
    return same[0] if len(same) == 1 else None


def _numbers(sheet: Sheet, column: int) -> set[float]:
    """The numbers of a column; none if a cell holds something else, or nothing."""
    texts = [sheet.value(i, column) for i in range(1, len(sheet.rows)) if any(sheet.rows[i])]
    sign = decimal_sign(texts)
    numbers = {read_number(text, sign) for text in texts}
    return set() if None in numbers else {n for n in numbers if n is not None}


def _grades(sheet: Sheet, grade_column: str, maximum: int | None) -> int:
    """The column of the grades: the one that is asked for, or the one before the maximum, or by its name."""
    if grade_column:
        return sheet.require(grade_column, hint="--grade-column NAME, for another language")
    named = [i for i, head in enumerate(sheet.header) if plain(head) in _GRADE]
    if len(named) == 1:
        return named[0]
    if maximum is not None and maximum > 0:
        return maximum - 1
    return sheet.require("Grade", hint="--grade-column NAME, for another language")


def _notes(sheet: Sheet, wanted: Wanted, maximum: int | None) -> tuple[str, ...]:
    """Notes about scores that Moodle will refuse or read differently: another maximum, or a score above it."""
    numbers = _numbers(sheet, maximum) if maximum is not None else set()
    if not numbers:
        return ()
    name = wanted.assignments[0]
    with_bonus = wanted.max_score(name) + max(_bonus(m) for m in wanted.marks)
    notes = list(other_maxima(wanted, {name: numbers - {with_bonus}}, "Moodle"))
    most = max(numbers)
    above = [m.result.student for m in wanted.marks if wanted.text(m) and m.score > most]
    if above:
        names = one_line(", ".join(above), 200)
        hint = "Hint: Moodle leaves these grades out and does not say so; raise the maximum grade in Moodle"
        notes.append(f"expected scores of at most {most:g} in Moodle, got more for {names}. {hint}")
    return tuple(notes)


def _bonus(mark: Mark) -> float:
    """The points of the bonus questions."""
    return sum(question.max_score for question in mark.result.questions if question.bonus)
