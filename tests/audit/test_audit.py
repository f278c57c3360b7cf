"""The checks are tested: every sample gets what it declares, and every mutant of a solution loses points."""

import ast
import json

import pin_scores
import pytest
from patience import be_patient

from autograder.assignment.assignment import load_assignment
from autograder.assignment.source import SourceCell
from autograder.audit import figure
from autograder.audit.accuracy import accuracy, as_json
from autograder.audit.mutants import _of_cell
from autograder.audit.run import EQUIVALENT, audit, corpus, read_equivalent
from autograder.audit.show import show
from autograder.course import bundled_course, open_course
from autograder.errors import CourseError
from autograder.scaffold import new

COURSE = bundled_course()
SAMPLES = {"a1_gradient_ascent": (45, 20), "a2_mlp_backprop": (60, 25), "a3_forward_vs_reverse": (40, 15)}


@pytest.mark.parametrize("name", COURSE.names())
def test_every_sample_and_mutant_gets_the_verdict_it_must(name, patient_course, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_SECRET", "one draw of hidden inputs; `make stability` is for others")
    cases = corpus(load_assignment(COURSE.solutions / name))
    findings = audit(patient_course, name, cases)
    assert [f"{f.case.kind} {f.case.name}: {f.problem}" for f in findings if f.problem] == []
    numbers = accuracy(name, findings)
    assert numbers.idle == ()
    assert numbers.mutants[1] >= 200
    assert pin_scores.scores(findings) == json.loads(pin_scores.FILE.read_text())[name], "if meant: make scores"
    # What a mistake costs elsewhere, other than where its question is waited for: a public example at most.
    assert numbers.spread[0] <= 2


@pytest.mark.parametrize("name", COURSE.names())
def test_there_are_samples_enough(name):
    kinds = [c.kind for c in corpus(load_assignment(COURSE.solutions / name))]
    wrong, right = SAMPLES[name]
    assert kinds.count("wrong") >= wrong
    assert kinds.count("right") >= right


# --- On the skeleton ------------------------------------------------------------------------------


@pytest.fixture
def own_course(tmp_path):
    (tmp_path / "course.toml").write_text('title = "Test course"\n')
    made = open_course(tmp_path)
    be_patient(new(made, "a9_test"))
    return made


def audited(course):
    cases = corpus(load_assignment(course.solutions / "a9_test"))
    return audit(course, "a9_test", cases, tier="B")


def edit(course, file, old, new_text):
    path = course.solutions / "a9_test" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new_text))


def test_the_skeleton_assignment_passes_its_audit(own_course):
    assert [f.problem for f in audited(own_course) if f.problem] == []


def test_a_right_sample_that_does_not_run_on_the_device_is_found_out(own_course):
    folder = own_course.solutions / "a9_test" / "samples" / "right"
    (folder / "by_interpolation.py").write_text(
        '"""By way of a function that remote arrays do not offer."""\n\nimport numpy as np\n\n\n'
        "def mean_square(x):\n    return np.mean(np.interp(x, np.sort(x), np.sort(x)) ** 2)\n"
    )
    cases = [c for c in corpus(load_assignment(own_course.solutions / "a9_test")) if c.kind != "mutant"]
    assert [f.problem for f in audit(own_course, "a9_test", cases, tier="B", device="strict") if f.problem] == [
        "expected its checks to run on strict, but judged on the CPU instead of strict: q1.value (refused)"
    ]
    assert [f.problem for f in audit(own_course, "a9_test", cases, tier="B") if f.problem] == []


def test_a_check_that_catches_nothing_is_found_out(own_course):
    edit(own_course, "hidden_checks.py", "assert_number(student.mean_square(x), reference.mean_square(x))", "pass")
    findings = audited(own_course)
    assert {"starter", "square_of_the_mean"} <= {f.case.name for f in findings if f.problem}
    assert accuracy("a9_test", findings).idle == ("q1.value",)


def test_a_check_that_fails_right_work_is_found_out(own_course):
    edit(
        own_course,
        "hidden_checks.py",
        "for size in (1, 2, 7):",
        "for size in (1, 2, 7) if student is None else (1 / 0,):",
    )
    assert next(f for f in audited(own_course) if f.case.kind == "solution").problem.startswith("expected every check")


def test_a_survivor_is_shown_with_its_diff_and_explained_by_the_list_alone(own_course, capsys):
    from rich.console import Console

    edit(
        own_course,
        "notebook.py",
        "return np.mean(np.square(x))",
        "total = np.mean(np.square(x))\n    return abs(total)",
    )
    findings = audited(own_course)
    survivors = [f.case.name for f in findings if f.case.kind == "mutant" and f.problem]
    assert survivors == ["mean_square: abs(total) → total"]
    show(Console(width=200), findings, accuracy("a9_test", findings))
    printed = capsys.readouterr().out
    assert "-    return abs(total)" in printed
    assert "+    return total" in printed
    listed = own_course.solutions / "a9_test" / EQUIVALENT
    listed.write_text('[[equivalent]]\nbecause = "a mean of squares is never negative"\n'
                      'mutants = ["mean_square: abs(total) → total"]\n')  # fmt: skip
    findings = audited(own_course)
    assert [f.problem for f in findings if f.problem] == []
    assert accuracy("a9_test", findings).equivalent == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[equivalent]]\nbecause = "no longer there"\nmutants = ["f: a → b"]', "the solution has changed"),
        ('[[equivalent]]\nbecause = ""\nmutants = ["f: a → b"]', "at least 10 characters"),
        ("[[equivalent", "expected TOML"),
    ],
)
def test_a_list_of_equivalent_mutants_that_is_out_of_date_is_one_line(own_course, text, told):
    (own_course.solutions / "a9_test" / EQUIVALENT).write_text(text)
    with pytest.raises(CourseError, match=told):
        read_equivalent(load_assignment(own_course.solutions / "a9_test"), {"f: a → c"})


def test_a_mutant_that_is_listed_and_caught_is_a_problem(own_course):
    mutant = "mean_square: np.square(x) → x"
    (own_course.solutions / "a9_test" / EQUIVALENT).write_text(
        f'[[equivalent]]\nbecause = "wishful thinking"\nmutants = ["{mutant}"]\n'
    )
    assert [f.case.name for f in audited(own_course) if f.problem] == [mutant]


def test_the_kill_matrix_is_written_as_json_and_as_a_picture(own_course, tmp_path):
    findings = audited(own_course)
    numbers = accuracy("a9_test", findings)
    (made,) = json.loads(as_json([(findings, numbers)]))["assignments"]
    assert made["wrong_caught"] == [2, 2]
    assert made["mutants_killed"][0] == made["mutants_killed"][1] > 0
    assert {"name", "kind", "score", "failed", "equivalent", "problem"} == set(made["cases"][0])
    figure.save(tmp_path / "matrix.png", findings, numbers)
    assert (tmp_path / "matrix.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


# --- Mutants --------------------------------------------------------------------------------------


def changes(body, signature="x"):
    source = f"def f({signature}):\n    # BEGIN SOLUTION\n    {body}\n    # END SOLUTION"
    return [m.change for m in _of_cell(SourceCell("q1-solution", "code", "solution", source, "q1"))]


@pytest.mark.parametrize(
    ("body", "change"),
    [
        ("return x + y", "x + y → x - y"),
        ("return x + y", "x + y → x"),
        ("return x - y", "x - y → y - x"),
        ("return x @ y", "x @ y → x.T @ y"),
        ("return x.T", "x.T → x"),
        ("return -x", "-x → x"),
        ("return x[1:]", "x[1:] → x"),
        ("return x < y", "x < y → x <= y"),
        ("return x and y", "x and y → x or y"),
        ("return range(x)", "range(x) → range(x + 1)"),
        ("return np.sum(x, axis=0)", "np.sum(x, axis=0) → np.sum(x)"),
        ("return np.sum(x, axis=0)", "0 → 1"),
        ("return np.max(x)", "np.max(x) → np.min(x)"),
        ("return x.copy()", "x.copy() → x"),
        ("return f(x, y)", "f(x, y) → f(y, x)"),
        ("return x if y else z", "x if y else z → z"),
        ("x += y", "x += y → pass"),
        ("return 0.5 * x", "0.5 → 1.0"),
        ("return True", "True → False"),
    ],
)
def test_the_slips_that_students_make_are_among_the_mutants(body, change):
    assert change in changes(body)


def test_docstrings_annotations_and_signatures_stay_as_they_are():
    assert changes('"""1 + 1."""\n    y: int = x', "x: int") == []


def test_what_compiles_to_the_same_program_is_no_mutant():
    assert "x * x → x * x" not in changes("return x * x")
    assert changes("return x * x").count("x * x → x") == 1


@pytest.mark.parametrize("name", COURSE.names())
def test_every_mutant_is_a_program_with_a_name_of_its_own(name):
    cases = [c for c in corpus(load_assignment(COURSE.solutions / name)) if c.kind == "mutant"]
    assert len({c.name for c in cases}) == len(cases)
    for case in cases:
        ast.parse(case.mutant.source)
        assert case.mutant.diff.count("\n+") + case.mutant.diff.startswith("+") >= 1
