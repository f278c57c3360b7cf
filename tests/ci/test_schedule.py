"""When a course is collected: cron lines in UTC from local due times."""

from datetime import datetime
from zoneinfo import ZoneInfo

from autograder.ci.schedule import DeadlineRun, deadline_runs
from autograder.marking_rules import AssignmentRules, MarkingRules

BERLIN = ZoneInfo("Europe/Berlin")


def at(month, day, hour, minute, second=0):
    return datetime(2026, month, day, hour, minute, second, tzinfo=BERLIN)


def rules(**more):
    return MarkingRules.model_construct(**more)


def test_due_times_on_both_sides_of_a_change_of_clocks_are_an_hour_apart_in_utc():
    """Clocks are set back on 25 October 2026: 23:59 is 21:59 UTC before, and 22:59 UTC after."""
    both = rules(assignments={"a1": AssignmentRules.model_construct(due=at(10, 12, 23, 59), closes=None),
                              "a2": AssignmentRules.model_construct(due=at(10, 26, 23, 59), closes=None)})  # fmt: skip
    assert deadline_runs(both, ["a1", "a2"], BERLIN) == [
        DeadlineRun("7 22 12 10 *", "a1 is due 2026-10-12 23:59 Europe/Berlin"),
        DeadlineRun("7 23 26 10 *", "a2 is due 2026-10-26 23:59 Europe/Berlin"),
    ]


def test_the_run_is_after_the_grace_and_after_the_last_second_of_a_day():
    """2026-12-31 23:59:59 in Berlin and 15 minutes: 23:14:59 UTC; 7 minutes and the next minute later it is 23:22."""
    one = rules(due={"a1": at(12, 31, 23, 59, 59)}, late_grace_minutes=15.0)
    assert [run.cron for run in deadline_runs(one, ["a1"], BERLIN)] == ["22 23 31 12 *"]


def test_what_is_due_and_what_closes_at_the_same_time_is_one_run():
    time = at(11, 2, 12, 0)
    same = rules(
        assignments={"a1": AssignmentRules.model_construct(due=at(10, 26, 12, 0), closes=time), "a2": AssignmentRules.model_construct(due=time, closes=time)}
    )  # fmt: skip
    assert [run.why for run in deadline_runs(same, ["a1", "a2"], BERLIN)] == [
        "a1 is due 2026-10-26 12:00 Europe/Berlin",
        "a1 closes 2026-11-02 12:00 Europe/Berlin; a2 is due 2026-11-02 12:00 Europe/Berlin",
    ]


def test_without_due_times_there_is_only_the_run_of_every_night():
    assert deadline_runs(MarkingRules(), ["a1"], None) == []
