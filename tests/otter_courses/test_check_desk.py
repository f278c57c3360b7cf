"""The desk hands out sources and nothing else, and believes no question of a student's process."""

import pytest

from autograder.otter_courses import check_desk
from autograder.otter_courses.check_desk import CheckDesk
from autograder.otter_courses.otter_test import test_of as made_test

OK = ["examples", "q1", 3, False, [
    [None, False, 1, None, None, ">>> x\n4417"], ["two", True, None, "well done", "look again", ">>> f(2)\n'secret'"],
]]  # fmt: skip
EXC = ["exceptions", "q2", None, False, [[None, False, None, None, None, ""]]]
TESTS = {path: made_test(path, "source", d) for path, d in {"tests/q1.py": OK, "tests/q2.py": EXC}.items()}


@pytest.fixture
def desk():
    return CheckDesk(TESTS)


def answered(desk, *answers, path="./tests/q1.py"):
    number, _, _ = desk("begin", path)
    for case, text in enumerate(answers):
        desk("answers", number, case, [[False, text]])
    desk("end", number)
    return desk.results()["q1"]


def test_right_answers_pass(desk):
    assert [c.passed for c in answered(desk, "4417\n", "'secret'\n").cases] == [True, True]


def test_points_and_messages_are_the_teachers(desk):
    first, second = TESTS["tests/q1.py"].cases
    assert (first.name, first.points, first.hidden) == ("q1 - 1", 1, False)
    assert (second.name, second.points, second.says_right, second.says_wrong) == ("two", 2, "well done", "look again")


def test_no_answer_of_the_desk_holds_an_output_a_point_or_a_verdict(desk):
    said = [
        desk("begin", "./tests/q1.py"),
        desk("case", 0, 0),
        desk("case", 0, 1),
        desk("answers", 0, 0, [[False, "4417\n"]]),
    ]
    said += [desk("answers", 0, 1, [[False, "no"]]), desk("end", 0)]
    assert said == [[0, "examples", 2], ["x\n"], ["f(2)\n"], None, None, None]


def test_the_last_run_counts_at_the_place_of_the_first(desk):
    answered(desk, "4417\n", "'secret'\n")
    number, _, _ = desk("begin", "tests/q2.py")
    desk("verdicts", number, [[True, ""]])
    desk("end", number)
    run = answered(desk, "no", "no")
    assert not any(c.passed for c in run.cases)
    assert list(desk.results()) == ["q1", "q2"]


def test_a_case_without_an_answer_has_failed(desk):
    assert [c.passed for c in answered(desk, "4417\n").cases] == [True, False]


def test_a_run_that_has_not_ended_does_not_count(desk):
    desk("begin", "./tests/q1.py")
    assert desk.results() == {}
    assert not desk.has_run("tests/q1.py")


def test_an_interrupted_run_counts_with_what_was_answered(desk):
    desk("begin", "./tests/q1.py")
    desk("answers", 0, 1, [[False, "'secret'\n"]])
    desk.end_open_runs(0)
    assert [c.passed for c in desk.results()["q1"].cases] == [False, True]


@pytest.mark.parametrize(
    "path",
    [
        "./mine.py",
        "./tests/../mine.py",
        "/etc/passwd",
        "tests/q9.py",
        "",
        ".",
        "tests",
        "../tests/q1.py",
        "tests/q1.py\0",
    ],
)
def test_only_the_teachers_tests_can_be_run(desk, path):
    with pytest.raises(FileNotFoundError):
        desk("begin", path)


def test_a_path_that_holds_another_one_does_not_stand_for_it(desk):
    """otter looks for one path inside the other; a process could so leave out a test, and raise its share of points."""
    desk("begin", "a./tests/q1.py/../../../tests/q2.py")
    desk("verdicts", 0, [[True, ""]])
    desk("end", 0)
    assert desk.has_run("tests/q2.py")
    assert not desk.has_run("tests/q1.py")


HOSTILE = [
    ("answers", 0, 0, None), ("answers", 0, 0, 5), ("answers", 0, 0, [[1]]), ("answers", 0, 0, ["ab", "cd"]), ("answers", 0, 7, []),
    ("answers", 0, "0", []), ("answers", 5, 0, []), ("answers", None, 0, []), ("verdicts", 0, [[True, ""], [True, ""]]),
    ("verdicts", 0, None), ("end", 5), ("end",), ("case", 0, 99), ("case", 0), ("win",), ("begin",), ("begin", None), ("begin", 7),
    ("_end", 0), ("__class__",), ("answers", 0, 0, [[True, None]]), ("answers", 0, 0, [[False, b"4417\n"]]), ("answers", 0, 0, {}),
    ("answers", 0, 0, [["", "4417\n"]]), ("answers", 0, 0, [[0, "4417\n"]]),
]  # fmt: skip


@pytest.mark.parametrize("question", HOSTILE, ids=repr)
def test_an_odd_question_earns_nothing(desk, question):
    desk("begin", "./tests/q1.py")
    try:
        desk(*question)
    except Exception as error:  # noqa: BLE001 — it is raised in the student's process, whatever it is
        assert "4417" not in str(error)
        assert "secret" not in str(error)
    desk.end_open_runs(0)
    assert not any(c.passed for c in desk.results()["q1"].cases)


def test_a_run_cannot_be_changed_after_its_end(desk):
    answered(desk, "no", "no")
    with pytest.raises(ValueError, match="ended"):
        desk("answers", 0, 0, [[False, "4417\n"]])


def test_runs_and_kept_answers_are_bounded(desk, monkeypatch):
    monkeypatch.setattr(check_desk, "MAX_RUNS", 3)
    for _ in range(3):
        answered(desk, "n" * 100_000, "n" * 100_000)
    with pytest.raises(ValueError, match="cannot be run"):
        desk("begin", "./tests/q1.py")
    assert sum(len(v.got) for run in desk.runs for v in run.cases) <= 3 * 2 * 2000


BROKEN = [
    None, [], "examples", ["examples"], ["examples", 5, None, False, []], ["other", "q", None, False, []], ["examples", "q", None, 1, []],
    ["examples", "q", None, False, [[None, False, None, None, None]]], ["examples", "q", None, False, [[None, 1, None, None, None, ""]]],
    ["examples", "q", "x", False, [[None, False, None, None, None, ""]]], ["broken", "SyntaxError: no"],
    ["examples", "q", None, False, [[None, False, None, None, None, ">>>x"]]], ["examples", "q", None, False, [[None, False, None, None, None, ""]] * 1001],
]  # fmt: skip


@pytest.mark.parametrize("description", BROKEN, ids=lambda d: repr(d)[:50])
def test_a_description_of_another_shape_is_a_broken_test_with_one_line(description):
    test = made_test("tests/q.py", "", description)
    assert test.problem.startswith("tests/q.py: ")
    assert "expected" in test.problem
    assert "\n" not in test.problem
