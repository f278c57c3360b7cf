"""Our own table: what counts beside what is raw, and no name that a spreadsheet would run."""

import csv
import io
from datetime import datetime

import pytest
from exports.hostile import NAMES
from result_builders import nothing, record

from autograder.exports.csv import marks_csv, totals_csv
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of

RULES = MarkingRules(
    attempts="best",
    late_percent_a_day=10,
    drop_lowest=1,
    due={"a1": datetime.fromisoformat("2026-10-12T22:00:00+00:00")},
)


def the_class():
    return marks_of(
        [
            record("ada", "a1", 90.0, received="2026-10-13T22:00:01+00:00"),  # two days late: 72
            record("ada", "a1", 70.0, received="2026-10-12T22:00:00+00:00", attempt=1),
            record("ada", "a2", 5.0, max_score=10.0),
            nothing("bob", "a1"),
            record("bob", "a2", 11.0, max_score=10.0),
            nothing("eve", "a1", status="malformed"),
        ],
        RULES,
    )


def test_each_row_has_the_raw_score_what_counts_and_why():
    assert marks_csv(the_class()) == (
        "assignment,student,raw,max_score,days_late,score,status,attempts,dropped,carried,name,email,section,state\n"
        "a1,ada,90,100,2,72,graded,2,,0,,,,open\n"
        "a1,bob,0,100,0,0,missing,0,yes,0,,,,open\n"
        "a1,eve,0,100,0,0,malformed,1,,0,,,,open\n"
        "a2,ada,5,10,0,5,graded,1,yes,0,,,,open\n"
        "a2,bob,11,10,0,11,graded,1,,0,,,,open\n"
    )


def test_totals_leave_out_what_is_dropped():
    assert totals_csv(the_class(), MarkingRules()) == (
        "student,score,max_score,percent,letter,name,email,section\n"
        "ada,72,100,72.00,,,,\nbob,11,10,110.00,,,,\neve,0,100,0.00,,,,\n"
    )


def test_six_digits_are_not_all_there_are():
    assert "99.999996" in marks_csv(marks_of([record(score=99.999996)], MarkingRules()))


@pytest.mark.parametrize("table", [marks_csv, lambda marks: totals_csv(marks, MarkingRules())])
def test_no_name_starts_a_formula_or_a_line(table):
    marks = marks_of([record(name) for name in NAMES], MarkingRules())
    rows = list(csv.DictReader(io.StringIO(table(marks))))
    assert len(rows) == len(NAMES)
    for row in rows:
        assert row["student"][:1] not in set("=+-@＝＋－＠\t\r")
        assert row["student"].isprintable()
        assert len(row["student"]) <= 501
        assert float(row["score"]) == 80
