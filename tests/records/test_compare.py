"""Whose score changes between two gradings, by which check, and why: worked out by hand on records."""

import pytest
from result_builders import check, question, record

from autograder.records.compare import SAME, compare
from autograder.records.result import Sandbox

POINTS = {"q1.example": 2, "q1.value": 8, "q2.shape": 10}


def result(student="ada", status="graded", tier="A", notebook="n1", suite="s1", seed="", most=20, **failed):
    """Full marks but for `failed`: {check's last name: (outcome, points, message, diagnosis)}."""
    checks = []
    for identity, points in POINTS.items():
        outcome, got, message, diagnosis = failed.get(identity.partition(".")[2], ("pass", points, "", ""))
        checks.append(check(identity, got, points, outcome, message=message, diagnosis=diagnosis))
    groups = [[c for c in checks if c.id.startswith(q)] for q in ("q1", "q2")] if status == "graded" else []
    return record(
        student,
        "a1_test",
        max_score=most,
        questions=tuple(question(g[0].id[:2], *g) for g in groups),
        status=status,
        submission_sha256=notebook if status == "graded" else "",
        suite_sha256=suite,
        seed=seed or f"{notebook}-seed",
        sandbox=Sandbox(tier=tier if status == "graded" else "none"),
    )


WRONG = ("fail", 0, "W1: yours = 7 × the reference. Hint: …", "scale")


def only(old, new):
    found = compare([old], [new], 1.0)
    assert len(found.changes) == 1
    return found.changes[0]


def test_two_equal_gradings_differ_in_nothing():
    found = compare([result("ada"), result("bob", value=WRONG)], [result("bob", value=WRONG), result("ada")], 1.0)
    assert (found.changes, found.both, found.mean) == ((), 2, 0)
    assert found.checks == {}


def test_a_repaired_check_says_whose_score_it_changes_and_what_it_had_said():
    change = only(result(value=WRONG), result(suite="s2"))
    assert (change.what, change.change, change.why) == ("score", 8, ("checks changed",))
    check = change.checks[0]
    assert (check.id, check.old, check.new, check.change) == ("q1.value", "fail", "pass", 8)
    assert (check.message, check.diagnosis) == (WRONG[2], "scale")


def test_where_a_check_fails_now_the_new_message_counts():
    now = ("error", 0, "raised ValueError", "raised")
    assert only(result(), result(value=now)).checks[0].message == "raised ValueError"
    assert only(result(value=WRONG), result(value=now)).checks[0].diagnosis == "raised"


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ({"suite": "s2"}, ("checks changed",)),
        ({"notebook": "n2"}, ("notebook changed",)),
        ({"notebook": "n2", "suite": "s2"}, ("notebook changed", "checks changed")),
        ({"seed": "another"}, ("secret changed",)),
        ({"tier": "B"}, ("tier A → B",)),
        ({"suite": "s2", "tier": "unsafe"}, ("checks changed", "tier A → unsafe")),
        ({}, (SAME,)),
    ],
    ids=str,
)
def test_why_a_score_changed_is_told_by_what_a_result_depends_on(new, why):
    assert only(result(), result(value=WRONG, **new)).why == why


@pytest.mark.parametrize(
    ("old", "new", "why", "change"),
    [
        ("missing", "graded", "handed in", 20),
        ("graded", "missing", "no longer handed in", -20),
        ("missing", "malformed", "handed in", 0),
        ("malformed", "graded", "notebook changed", 20),
    ],
)
def test_another_status_is_a_change_with_its_reason(old, new, why, change):
    found = compare([result(status=old)], [result(status=new)], 1.0)
    assert found.changes[0].why == (why,)
    assert found.changes[0].change == change
    assert found.statuses == 1


def test_who_is_new_and_who_is_gone_is_told_and_changes_no_mean():
    found = compare([result("ada"), result("bob")], [result("bob", value=WRONG), result("eve")], 1.0)
    assert [(c.student, c.what) for c in found.changes] == [("ada", "gone"), ("bob", "score"), ("eve", "new")]
    assert (found.both, found.mean) == (1, -8)


def test_points_that_move_from_one_check_to_another_change_verdicts_and_no_score():
    """Two points of the example lost and two of the value gained."""
    old, new = (
        result(value=("fail", 6, "", "")),
        result(value=("pass", 8, "", ""), example=("fail", 0, "no", "scale")),
    )
    found = compare([old], [new], 1.0)
    assert [c.what for c in found.changes] == ["verdicts"]
    assert found.of("score") == []
    assert [(c.id, c.change) for c in found.changes[0].checks] == [("q1.example", -2), ("q1.value", 2)]


def test_each_check_counts_how_many_went_up_and_how_many_down():
    old = [result("ada", value=WRONG), result("bob", value=WRONG), result("eve")]
    new = [result("ada"), result("bob", shape=WRONG), result("eve", value=WRONG)]
    found = compare(old, new, 1.0)
    assert found.checks == {("a1_test", "q1.value"): (2, 1), ("a1_test", "q2.shape"): (0, 1)}
    assert found.mean == pytest.approx((8 - 2 - 8) / 3)
    assert found.reasons == {SAME: 3}


def test_a_check_that_is_new_or_gone_has_an_empty_outcome_on_the_other_side():
    old, new = result(), result()
    short = new.model_copy(update={"questions": new.questions[:1], "score": 10.0})
    assert [(c.id, c.old, c.new, c.change) for c in only(old, short).checks] == [("q2.shape", "pass", "", -10)]
    assert [(c.id, c.old, c.new, c.change) for c in only(short, old).checks] == [("q2.shape", "", "pass", 10)]


def test_another_maximum_alone_is_a_change():
    assert only(result(most=20), result(most=25)).what == "verdicts"
