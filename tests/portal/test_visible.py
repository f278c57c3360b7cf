"""No byte of a hidden check reaches what is made for a student who may not see it."""

import itertools

import pytest
from result_builders import check, question, record

from autograder.portal.visible import visible

SECRETS = ("SECRET-TITLE", "SECRET-MESSAGE", "secret_slip", "SECRET-BLOCKER", "q1.secret", "feedfeedfeed")


def hidden(identity, points, max_points, **fields):
    return check(identity, points, max_points, title="SECRET-TITLE", message="SECRET-MESSAGE", slip="secret_slip",
                 fault="feedfeedfeed", **fields)  # fmt: skip


def public(identity, points, max_points):
    return check(identity, points, max_points, visibility="public", title="example", message="expected 3, got 4")


RESULT = record(
    questions=(
        question("q1", public("q1.example", 1.0, 1.0), hidden("q1.secret", 4.0, 4.0), hidden("q1.secret2", 0.0, 5.0)),
        question(
            "q2",
            public("q2.example", 0.0, 2.0),
            hidden("q2.secret", 0.0, 3.0, outcome="blocked", blocked_by="q1", carried=3.0, diagnosis="sign"),
        ),
        question("c1", hidden("c1.secret", 6.0, 6.0)),
    ),
    max_score=21.0,
    seed="a" * 64,
    suite_sha256="b" * 64,
)


def scores(result):
    return {q.id: (q.score, q.max_score) for q in result.questions}


def test_at_the_level_public_there_are_public_checks_and_their_points_only():
    seen = visible(RESULT, "public", ("c1",), 1.0)
    assert scores(seen) == {"q1": (1.0, 1.0), "q2": (0.0, 2.0)}
    assert (seen.score, seen.max_score) == (1.0, 3.0)


def test_at_the_level_counts_a_question_says_how_many_hidden_checks_pass():
    """What is carried counts as it counts for the mark: 3 points of q2, with a share of one half."""
    seen = visible(RESULT, "counts", ("c1",), 0.5)
    assert scores(seen) == {"q1": (5.0, 10.0), "q2": (1.5, 5.0)}
    titles = [c.title for q in seen.questions for c in q.checks if c.visibility == "hidden"]
    assert titles == ["1 of 2 hidden checks pass", "0 of 1 hidden check pass"]
    assert seen.score == 6.5


def test_at_the_level_full_all_is_there_but_for_what_comes_later():
    seen = visible(RESULT, "full", ("c1",), 1.0)
    assert [c.id for c in seen.checks] == ["q1.example", "q1.secret", "q1.secret2", "q2.example", "q2.secret"]
    assert seen.max_score == 15.0
    assert visible(RESULT, "full", (), 1.0).checks == RESULT.checks


@pytest.mark.parametrize(
    ("level", "later"), list(itertools.product(["public", "counts"], [(), ("c1",), ("q1", "q2", "c1")]))
)
def test_no_word_of_a_hidden_check_is_in_any_byte(level, later):
    text = visible(RESULT, level, later, 1.0).to_json()
    assert "expected 3, got 4" in text
    assert [secret for secret in (*SECRETS, '"sign"', '"blocked"', "a" * 64, "b" * 64) if secret in text] == []


@pytest.mark.parametrize("level", ["public", "counts", "full"])
def test_questions_that_come_later_are_in_no_sum_and_no_byte(level):
    """One bit an answer, and sums alone, would give the answers to whoever hands in again and again."""
    right, wrong = (
        RESULT,
        RESULT.model_copy(
            update={"questions": (*RESULT.questions[:2], question("c1", hidden("c1.secret", 0.0, 6.0))), "score": 5.0}
        ),
    )
    assert visible(right, level, ("c1",), 1.0).to_json() == visible(wrong, level, ("c1",), 1.0).to_json()


@pytest.mark.parametrize("level", ["public", "counts", "full"])
def test_the_seed_and_the_hash_of_the_checks_are_for_nobody(level):
    text = visible(RESULT, level, (), 1.0).to_json()
    assert "a" * 64 not in text
    assert "b" * 64 not in text
