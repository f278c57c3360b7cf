"""Where an earlier question is the cause, a check waits for it; where it is not, the check says what is wrong."""

import ast
from pathlib import Path

import numpy as np
import pytest
from three_questions import WRONG_DOUBLE, handed_in, written

from autograder.authoring import blocked, check
from autograder.authoring.checks import Check
from autograder.authoring.failing import texts_in
from autograder.authoring.inprocess import PlainStudent
from autograder.course import open_course
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import find_submissions
from autograder.judging.author_process import asked_in_words
from autograder.judging.judge import judge


def verdict(function, student=None, visibility="hidden"):
    texts, parameters = texts_in(ast.parse(Path(__file__).read_text())), tuple(function.__code__.co_varnames[:1])
    made = Check("q2.made", "q2", "made", 1.0, visibility, function, parameters, texts=texts)
    return judge(made, PlainStudent(student or {}), None, "seed")


def test_a_check_can_name_the_cause_itself():
    def waits(student):
        blocked("q1", "your double is not right yet")

    assert verdict(waits).message == "This cannot be checked before q1 passes: your double is not right yet."


def test_a_public_check_sees_what_a_function_does_to_its_arguments():
    def keeps(double):
        x = np.ones(2)
        double(x)
        assert x[0] == 1, "work on a copy"

    def in_place(x):
        x *= 2

    assert verdict(keeps, {"double": in_place}, "public").message.startswith("work on a copy")
    assert verdict(keeps, {"double": lambda x: 2 * x}, "public").outcome == "pass"


@pytest.fixture
def graded(tmp_path, hand_in):
    """graded(*replaced): the result of the solution with some lines replaced."""
    assignment = written(tmp_path / "course")

    def of(*replaced):
        hand_in("ada", handed_in(assignment, *replaced), "a8_three")
        found = tuple(find_submissions(hand_in.root, ("a8_three",)))
        plan = GradingPlan(open_course(tmp_path / "course"), ("a8_three",), found, tmp_path / "results", tier="B")
        return next(iter(grade(plan)))

    return of


@pytest.fixture
def outcomes(graded):
    """outcomes(*replaced): {check: (outcome, message)}."""
    return lambda *replaced: {c.id: (c.outcome, c.message) for c in graded(*replaced).checks}


@pytest.fixture
def carried(graded):
    """carried(*replaced): {check: (outcome, carried points)}."""
    return lambda *replaced: {c.id: (c.outcome, c.carried) for c in graded(*replaced).checks}


WAITS = ("blocked", "Your code is fine here: it passes with a correct `double` (q1).")


def test_a_helper_that_stands_in_the_solution_alone_is_not_named(tmp_path):
    """Students do not know it."""
    of_q1 = ("return 2 * x\n    # END", "return twice(x)\n\n\ndef twice(x):\n    return 2 * x\n    # END")
    assert asked_in_words(written(tmp_path / "course", of_q1), "q1") == "`double`"


def test_what_is_right_but_for_an_earlier_function_waits_for_its_question(outcomes):
    got = outcomes(WRONG_DOUBLE)
    assert got["q1.double"][0] == "fail"
    assert got["q2.fourfold"] == WAITS
    assert got["q3.place"][0] == "pass"


def test_a_check_that_waits_carries_its_points_and_the_raw_score_is_without_them(graded):
    result = graded(WRONG_DOUBLE)
    waits = {c.id: (c.points, c.carried) for c in result.checks if c.outcome == "blocked"}
    assert waits == {"q2.fourfold": (0, 1), "q3.needs": (0, 1)}
    assert result.score == sum(c.points for c in result.checks if c.outcome == "pass")


def test_an_earlier_function_that_is_not_written_yet_is_a_cause_as_well(outcomes):
    assert outcomes(("return 2 * x", "raise NotImplementedError"))["q2.fourfold"] == WAITS


@pytest.mark.parametrize("removed", ["", "\n\n\ndel fourfold"])
def test_a_question_of_which_nothing_is_written_carries_nothing_even_if_its_check_never_asks(
    tmp_path, hand_in, removed
):
    """q2's check asks for double alone. A body is written, or a name is there, or the question carries nothing."""
    assignment = written(tmp_path / "course")
    checks = assignment.folder / "hidden_checks.py"
    checks.write_text(checks.read_text().replace("student.fourfold(3.0), 12.0", "student.double(3.0), 6.0"))
    last = ("f(x), fourfold(x)", f"f(x), 4 * x{removed}")
    stub = ("return double(x=double(x))", "raise NotImplementedError")
    hand_in("ada", handed_in(assignment, WRONG_DOUBLE, stub, last), "a8_three")
    found = tuple(find_submissions(hand_in.root, ("a8_three",)))
    plan = GradingPlan(open_course(tmp_path / "course"), ("a8_three",), found, tmp_path / "results", tier="B")
    carried = {c.id: c.carried for c in next(iter(grade(plan))).checks}
    assert carried["q2.fourfold"] == 0


def test_a_mistake_of_its_own_is_no_other_questions_fault(outcomes):
    got = outcomes(WRONG_DOUBLE, ("return double(x=double(x))", "return double(x=double(x)) + 1"))
    assert got["q2.fourfold"][0] == "fail"


def test_a_right_answer_passes_whatever_is_wrong_before_it(outcomes):
    assert outcomes(WRONG_DOUBLE, ("return double(x=double(x))", "return 4 * x"))["q2.fourfold"][0] == "pass"


def test_the_earliest_question_that_is_needed_is_named_not_any_earlier_one(outcomes):
    got = outcomes(
        WRONG_DOUBLE,
        ("return double(x=double(x))", "return 5 * x"),
        ("f(x), fourfold", "fourfold(x) / 4 + 1, fourfold"),
    )
    assert got["q2.fourfold"][0] == "fail"
    assert got["q3.place"] == ("blocked", "Your code is fine here: it passes with a correct `fourfold` (q2).")


def test_a_check_that_declares_what_it_needs_carries_nothing_if_it_fails_with_right_answers_too(carried):
    assert carried(WRONG_DOUBLE, ("f(x), fourfold(x)", "f(x), 7.0"))["q3.needs"] == ("blocked", 0)


def test_a_check_that_declares_what_it_needs_is_worth_its_points_if_it_does_without(carried):
    """It was never put, as q1 is wrong. The code of q3 does not call q1's function, and is right."""
    assert carried(WRONG_DOUBLE, ("f(x), fourfold(x)", "f(x), 4 * x"))["q3.needs"] == ("blocked", 1)


def test_a_mistake_that_the_checks_of_its_question_do_not_see_costs_nothing_later(outcomes, carried):
    """q1.double asks for 2 × 3 alone. Otherwise it would pay to break q1: see tests/attacks/test_carried.py."""
    seen_later = ("return 2 * x", "return 2 * x if x == 3 else 0")
    assert outcomes(seen_later)["q1.double"][0] == "pass"
    unseen = f"{WAITS[1]} The checks of q1 do not see the mistake."
    assert outcomes(seen_later)["q2.fourfold"] == ("blocked", unseen)
    assert carried(seen_later)["q2.fourfold"] == ("blocked", 1)


@pytest.mark.parametrize(("double", "outcome"), [("2", "fail"), ("3", "blocked")])
def test_a_check_that_declares_what_it_needs_is_blocked_until_all_of_that_passes(outcomes, double, outcome):
    got = outcomes(("return 2 * x", f"return {double} * x"), ("f(x), fourfold(x)", "f(x), 7.0"))
    assert got["q3.needs"][0] == outcome


def test_looking_for_a_cause_that_ends_the_process_keeps_what_was_found(outcomes):
    die = "import os\n    os._exit(1) if double(1) == 2 else None\n    return 0"
    got = outcomes(WRONG_DOUBLE, ("return double(x=double(x))", die))
    assert got["q2.fourfold"][0] == "fail"
    assert got["q3.place"][0] == "pass"


def test_check_takes_one_question_or_several_as_needs():
    assert check("q3", points=1, needs="q1")(lambda: None).__autograder_check__.needs == ("q1",)
    assert check("q3", points=1, needs=("q1", "q2"))(lambda: None).__autograder_check__.needs == ("q1", "q2")


KEPT = '''

@check("q{0}", points=1)
def test_kept_{1}(student):
    """{1} keeps what it was given"""
    x = student.keep(np.ones(2))
    student.{1}(x)
    assert_unchanged(student.fetch(x), np.ones(2), name="x")
'''
IN_PLACE = ("return 2 * x", "x *= 2\n    return x")


@pytest.fixture
def kept(tmp_path, hand_in):
    """kept(*replaced): {check: outcome}, with a check of q1 and one of q2 that an argument stays as it is."""
    assignment = written(tmp_path / "course")
    checks = assignment.folder / "hidden_checks.py"
    text = checks.read_text().replace("assert_number, check", "assert_number, assert_unchanged, check")
    checks.write_text(text + KEPT.format(1, "double") + KEPT.format(2, "fourfold"))
    settings = assignment.folder / "assignment.toml"
    settings.write_text(settings.read_text().replace("points = 1", "points = 2"))
    notebook = assignment.folder / "notebook.py"
    notebook.write_text(notebook.read_text().replace("(1 point)", "(2 points)"))

    def of(*replaced):
        hand_in("ada", handed_in(assignment, *replaced), "a8_three")
        found = tuple(find_submissions(hand_in.root, ("a8_three",)))
        plan = GradingPlan(open_course(tmp_path / "course"), ("a8_three",), found, tmp_path / "results", tier="B")
        return {c.id: c.outcome for c in next(iter(grade(plan))).checks}

    return of


def test_a_check_about_memory_waits_for_an_earlier_question_with_the_same_mistake(kept):
    got = kept(IN_PLACE)
    assert (got["q1.kept_double"], got["q2.kept_fourfold"]) == ("fail", "blocked")


def test_a_mistake_of_memory_of_its_own_is_no_other_questions_fault(kept):
    """With the author's double, whose answer is a copy, fourfold still changes what it was given."""
    own = ("return double(x=double(x))", "x += 1\n    return double(x=double(x - 1))")
    assert kept(own)["q2.kept_fourfold"] == "fail"
    assert kept(IN_PLACE, own)["q2.kept_fourfold"] == "fail"


def test_a_check_about_memory_is_not_put_again_if_the_earlier_question_has_no_such_mistake(kept):
    """double hands back its argument for 1, as it may, and fourfold changes that: the exchange would hide it."""
    shares = ("return 2 * x", "return x if np.all(x == 1) else 2 * x")
    own = ("return double(x=double(x))", "y = double(x)\n    y *= 4\n    return y")
    assert kept(shares, own)["q2.kept_fourfold"] == "fail"


NOTED = '''

@check("q3", points=1, needs="q1")
def test_second(student, memo):
    """The check before this one has noted what it asked"""
    if memo is None or memo.get("asked") != 12.0:
        fail("asked a second time", "value")
'''


def test_checks_that_waited_for_a_question_share_what_they_note_when_they_are_put_after_all(tmp_path, hand_in):
    """As in a submission whose q1 is right."""
    assignment = written(tmp_path / "course")
    checks = assignment.folder / "hidden_checks.py"
    text = checks.read_text().replace("assert_number, check", "assert_number, check, fail")
    noting = text.replace("def test_needs(student):", "def test_needs(student, memo):").replace(
        "    assert_number(student.at_place(lambda x: x + 1, 3.0)[1], 12.0)",
        '    memo = {} if memo is None else memo\n    memo["asked"] = student.at_place(lambda x: x + 1, 3.0)[1]\n'
        '    assert_number(memo["asked"], 12.0)',
    )
    checks.write_text(noting + NOTED)
    settings = assignment.folder / "assignment.toml"
    settings.write_text(settings.read_text().replace("points = 2", "points = 3"))
    notebook = assignment.folder / "notebook.py"
    notebook.write_text(notebook.read_text().replace("(2 points)", "(3 points)"))
    hand_in("ada", handed_in(assignment, WRONG_DOUBLE), "a8_three")
    found = tuple(find_submissions(hand_in.root, ("a8_three",)))
    plan = GradingPlan(open_course(tmp_path / "course"), ("a8_three",), found, tmp_path / "results", tier="B")
    carried = {c.id: (c.outcome, c.carried) for c in next(iter(grade(plan))).checks}
    assert carried["q3.needs"] == carried["q3.second"] == ("blocked", 1)
