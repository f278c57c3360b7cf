"""From a folder of notebooks to result files: what students get for what they hand in."""

import csv
import json
import os
from collections import deque
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import pytest
from patience import BRIEF, within

from autograder.assignment.samples import notebook_text, solved_cells
from autograder.errors import AutograderError, SandboxError
from autograder.files import write_atomically
from autograder.grading import grader, pool
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import find_submissions
from autograder.judging.notebook_run import limits_of
from autograder.records.flags import Flag
from autograder.records.grades import grades_csv
from autograder.records.store import read_result
from autograder.text import file_name, one_line

HALF = "def mean_square(x):\n    total = 0.0\n    for i in range(len(x)):\n        x[i] *= x[i]\n        total += x[i]\n    return total / len(x)"


@pytest.fixture
def run(course, hand_in, tmp_path):
    def of(out=None, **options):
        submissions = find_submissions(hand_in.root, ("a9_test",))
        plan = GradingPlan(
            course, ("a9_test",), tuple(submissions), out or tmp_path / "results", **{"tier": "B", **options}
        )
        return {r.student: r for r in grade(plan)}

    return of


@pytest.fixture
def brief(skeleton, monkeypatch):
    """Short limits, for code that never ends."""
    limits = limits_of(within(skeleton, **BRIEF).settings.limits)
    monkeypatch.setattr("autograder.judging.notebook_run.limits_of", lambda _: limits)


def with_solution(skeleton, source):
    return notebook_text([(k, n, source if n == "q1-solution" else s) for k, n, s in solved_cells(skeleton)])


def outcomes(result):
    return {c.id: c.outcome for q in result.questions for c in q.checks}


def test_the_solution_gets_everything_and_the_starter_nothing(run, hand_in, solved, starter):
    hand_in("ada", solved)
    hand_in("bob", starter)
    results = run()
    assert results["ada"].score == results["ada"].max_score == 10
    assert results["bob"].score == 0
    assert set(outcomes(results["bob"]).values()) == {"missing"}


def test_points_are_given_check_by_check(run, hand_in, skeleton):
    hand_in("ada", with_solution(skeleton, HALF))
    result = run()["ada"]
    assert outcomes(result) == {"q1.example": "pass", "q1.value": "pass", "q1.pure": "fail"}
    assert result.score == 9
    assert result.questions[0].checks[2].diagnosis == "mutated"


def test_a_cell_that_raises_does_not_stop_the_notebook(run, hand_in, skeleton):
    cells = solved_cells(skeleton)
    hand_in("ada", notebook_text([("code", "mine", "1 / 0"), *cells]))
    hand_in("bob", notebook_text([("code", "mine", "def f(:"), *cells]))
    results = run()
    assert [r.score for r in results.values()] == [10, 10]
    assert results["ada"].cell_errors[0].error == "ZeroDivisionError: division by zero (line 1)"
    assert results["bob"].cell_errors[0].error.startswith("SyntaxError")


@pytest.mark.parametrize(
    ("name", "body", "outcome", "diagnosis"),
    [
        ("loop", "while True: pass", "timeout", "timeout"),
        ("crash", "import ctypes; ctypes.string_at(0)", "crash", "crash"),
        ("exit", "import os; os._exit(0)", "crash", "crash"),
        ("raise", "raise ValueError(x)", "error", "raised"),
        ("stub", "raise NotImplementedError()", "missing", "not_implemented"),
        ("empty", "pass", "missing", "not_implemented"),
        ("none", "value = x * x", "fail", "type"),
        ("nan", "return float('nan')", "fail", "non_finite"),
        ("text", "return '12.5'", "fail", "type"),
        ("system exit", "raise SystemExit", "error", "raised"),
    ],
)
def test_each_way_to_fail_has_its_outcome(run, hand_in, skeleton, brief, name, body, outcome, diagnosis):
    hand_in("ada", with_solution(skeleton, f"def mean_square(x):\n    {body}"))
    value = next(c for c in run()["ada"].questions[0].checks if c.id == "q1.value")
    assert (value.outcome, value.diagnosis, value.points) == (outcome, diagnosis, 0)


def test_a_wrong_name_is_told_with_a_suggestion(run, hand_in, skeleton):
    hand_in("ada", with_solution(skeleton, "def mean_squares(x):\n    return 1"))
    check = run()["ada"].questions[0].checks[1]
    assert (check.outcome, check.message) == (
        "missing",
        "mean_square is not defined. Did you mean mean_squares?",
    )


def test_a_hidden_checks_message_never_holds_what_student_code_says(run, hand_in, skeleton):
    hand_in(
        "ada",
        with_solution(
            skeleton,
            "class LEAK(Exception): pass\ndef mean_square(x):\n    print('LEAK', x)\n    raise LEAK(f'LEAK {x}')",
        ),
    )
    run_of = run()["ada"]
    hidden = [c for c in run_of.questions[0].checks if c.visibility == "hidden"]
    assert hidden
    assert not [c.message for c in hidden if "LEAK" in c.message]


@pytest.mark.parametrize("signature", ["def mean_square():", "def mean_square(x, n):", "def mean_square(*, x):"])
def test_a_function_with_other_arguments_is_told_so_in_our_words(run, hand_in, skeleton, signature):
    hand_in("ada", with_solution(skeleton, f"{signature}\n    return 1.0"))
    checks = run()["ada"].questions[0].checks
    assert {c.diagnosis for c in checks} == {"signature"}
    assert all(c.message.startswith("a call does not fit") for c in checks)


def test_an_endless_cell_costs_what_it_defines_and_no_more(run, hand_in, skeleton, brief):
    cells = solved_cells(skeleton)
    hand_in("ada", notebook_text([*cells, ("code", "mine", "while True: pass")]))
    result = run()["ada"]
    assert result.score == 10
    assert "a cell used more than 1 s of processor time" in result.cell_errors[0].error


def test_edited_public_checks_change_no_score_and_are_flagged(run, hand_in, skeleton, starter):
    cells = [
        (k, n, "def test_example(mean_square): pass" if n == "q1-example" else s) for k, n, s in solved_cells(skeleton)
    ]
    cells = [(k, n, "def mean_square(x): return 0" if n == "q1-solution" else s) for k, n, s in cells]
    hand_in("ada", notebook_text(cells))
    result = run()["ada"]
    assert result.score == 0
    assert result.flags == (Flag(kind="checks_changed", data=("q1-example",)),)


def test_points_in_a_notebooks_metadata_are_not_believed(run, hand_in, starter):
    document = json.loads(starter)
    for cell in document["cells"]:
        cell["metadata"] = {"nbgrader": {"points": 1000, "grade": True, "grade_id": "q1-value"}}
    hand_in("ada", json.dumps({**document, "score": 100}))
    assert run()["ada"].score == 0


def test_what_cannot_be_read_is_told_and_the_rest_is_graded(run, hand_in, solved):
    hand_in("a-right", solved)
    hand_in("b-text", "no JSON")
    hand_in("c-empty", "")
    hand_in("d-two", solved)
    hand_in("d-two", solved, name="copy.ipynb")
    (hand_in.root / "e-none" / "a9_test").mkdir(parents=True)
    (hand_in.root / "f-nothing").mkdir()
    link = hand_in.root / "g-link" / "a9_test"
    link.mkdir(parents=True)
    (link / "n.ipynb").symlink_to("/etc/passwd")
    hand_in("h-odd", solved, name="..%2f..%2fx.ipynb")
    results = run(jobs=2)
    assert {s: r.status for s, r in results.items()} == {
        "a-right": "graded",
        "b-text": "malformed",
        "c-empty": "malformed",
        "d-two": "malformed",
        "e-none": "missing",
        "f-nothing": "missing",
        "g-link": "malformed",
        "h-odd": "graded",
    }
    assert all(r.reason and "\n" not in r.reason for r in results.values() if r.status != "graded")


def test_grading_twice_gives_identical_bytes_whatever_the_number_of_jobs(
    run, hand_in, solved, starter, skeleton, tmp_path
):
    for student, text in {
        "ada": solved,
        "bob": starter,
        "eve": with_solution(skeleton, HALF),
        "mal": "x",
    }.items():
        hand_in(student, text)
    run(tmp_path / "one", jobs=1)
    run(tmp_path / "two", jobs=2, everything=True)
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file())
    assert len([f for f in files if f.parts[0] != ".history"]) == 5
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_only_what_changed_is_graded_again(run, hand_in, solved, starter, tmp_path, monkeypatch):
    hand_in("ada", solved)
    hand_in("bob", starter)
    run()
    graded = []
    real = grader.grade_submission
    monkeypatch.setattr(grader, "grade_submission", lambda s, *rest: graded.append(s.student) or real(s, *rest))
    hand_in("bob", solved)
    assert run()["bob"].score == 10
    assert graded == ["bob"]


def test_hidden_inputs_differ_between_submissions_and_not_between_runs(run, hand_in, solved, starter):
    hand_in("ada", solved)
    hand_in("bob", starter)
    first, second = run(), run(everything=True)
    assert first["ada"].seed != first["bob"].seed
    assert first["ada"].seed == second["ada"].seed


def test_a_killed_grader_process_loses_no_submission(run, hand_in, solved, monkeypatch):
    for i in range(6):
        hand_in(f"s{i}", solved)
    real, broken = pool._in_turn, []

    def break_once(*given):
        for result in real(*given):
            yield result
            if not broken:
                broken.append(True)
                raise BrokenProcessPool

    monkeypatch.setattr(pool, "_in_turn", break_once)
    results = run(jobs=2)
    assert [r.score for r in results.values()] == [10] * 6
    assert broken


def test_a_pool_has_a_few_submissions_at_a_time_and_grades_all():
    handed, taken, most = [], [], []

    class Pool:
        def submit(self, _, submission):
            handed.append(submission)
            most.append(len(handed) - len(taken))
            ended = Future()
            ended.set_result(submission)
            return ended

    for result in pool._in_turn(Pool(), deque(range(20)), {}, 8):
        taken += [result]
    assert sorted(taken) == list(range(20))
    assert max(most) == 8


def test_a_sandbox_that_does_not_hold_grades_nothing(run, hand_in, solved, tmp_path, monkeypatch, a_new_sandbox):
    hand_in("ada", solved)
    monkeypatch.setattr("autograder.sandbox.selftest.attack", lambda _: ["open a socket"])
    with pytest.raises(SandboxError):
        run()
    assert not (tmp_path / "results" / "grades.csv").exists()


def test_without_a_sandbox_every_result_is_stamped(run, hand_in, solved):
    hand_in("ada", solved)
    assert run(tier="unsafe")["ada"].sandbox.tier == "unsafe"


def test_grades_csv_has_the_fixed_columns_and_no_formula(run, hand_in, solved, tmp_path):
    for name in ("=cmd()", "O'Hara, Jr.", "Žofie", "-rf", "a\nb"):
        hand_in(name, solved)
    run()
    with (tmp_path / "results" / "grades.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["assignment", "student", "score", "max_score", "status", "carried"]
    assert sorted(r[1] for r in rows[1:]) == sorted(["'=cmd()", "O'Hara, Jr.", "Žofie", "'-rf", "a b"])
    assert {tuple(r[2:]) for r in rows[1:]} == {("10", "10", "graded", "0")}


@pytest.mark.parametrize("name", ["..", "../x", "/etc/passwd", "-rf", "a\nb", "‮evil", "x" * 300, "CON\0"])
def test_no_students_name_becomes_a_path(name):
    made = file_name(name)
    assert "/" not in made
    assert "\0" not in made
    assert not made.startswith((".", "-"))
    assert len(made) <= 200


def test_two_long_names_that_differ_at_their_end_have_two_files():
    assert file_name("x" * 250 + "a") != file_name("x" * 250 + "b")


def test_control_characters_never_reach_a_terminal():
    assert one_line("a\x1b[31m\r\nb\u202ec") == "a�[31m b�c"


def test_half_a_file_is_never_seen(tmp_path, monkeypatch):
    path = tmp_path / "r.json"
    write_atomically(path, "old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AutograderError, match="No space left"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["r.json"]


def test_a_result_cut_short_is_graded_again(run, hand_in, solved, tmp_path):
    hand_in("ada", solved)
    run()
    path = tmp_path / "results" / "a9_test" / "ada.json"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert read_result(path) is None
    run()
    assert path.read_bytes() == whole


def test_the_result_file_has_the_fixed_fields(run, hand_in, solved, tmp_path):
    hand_in("ada", solved)
    run()
    result = json.loads((tmp_path / "results" / "a9_test" / "ada.json").read_text())
    assert {
        "schema",
        "assignment",
        "student",
        "status",
        "score",
        "max_score",
        "submission_sha256",
        "suite_sha256",
        "seed",
        "sandbox",
        "questions",
        "flags",
    } <= set(result)
    assert {"id", "title", "score", "max_score", "checks"} <= set(result["questions"][0])
    assert {"id", "visibility", "outcome", "points", "max_points", "message", "diagnosis"} <= set(
        result["questions"][0]["checks"][0]
    )


def test_an_unknown_folder_is_one_line(tmp_path):
    with pytest.raises(AutograderError, match="expected a folder"):
        find_submissions(tmp_path / "nowhere", ("a",))


def test_an_empty_class_has_an_empty_list():
    assert grades_csv([]) == "assignment,student,score,max_score,status,carried\n"
