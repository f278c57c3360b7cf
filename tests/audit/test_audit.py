"""The checks are tested: every sample gets what it declares, and every mutant of a solution loses points."""

import ast
import functools
import json
import os
from typing import get_args

import pin_scores
import pytest
import three_questions
from bundled import SOME_ASSIGNMENTS, bundled_suite, some
from patience import be_patient
from result_builders import check, question, record
from rich.console import Console
from typer.testing import CliRunner

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import Sample
from autograder.assignment.source import SourceCell, top_level_names
from autograder.audit import figure
from autograder.audit.accuracy import accuracy, as_json
from autograder.audit.cost import costs, free
from autograder.audit.equivalent import EQUIVALENT, read_equivalent
from autograder.audit.mutants import _of_cell
from autograder.audit.nothing import BODIES, _emptied, do_nothing
from autograder.audit.run import Case, CaseResult, Kind, _must_fail, audit, corpus, corpus_without_mutants
from autograder.audit.show import show
from autograder.cli.main import app
from autograder.course import bundled_course, open_course
from autograder.errors import CourseError
from autograder.scaffold import new

COURSE = bundled_course()
MOST_A_MISTAKE_COSTS = 10  # points, raw, of its own question
PARTS = 6
# Points that a mistake costs in questions where no check waits for its own: a public example at most.
MOST_ELSEWHERE = 2
# A mutant that never ends is met by many checks. With the patient limits each of them would take half a minute.
LIMITS = {"cell_seconds": 10, "call_seconds": 3, "submission_seconds": 20}
SAMPLES = {
    "a1_gradient_ascent": (65, 22),
    "a2_mlp_backprop": (60, 25),
    "a3_forward_vs_reverse": (40, 15),
    "a4_autodiff_engine": (150, 28),
}


@pytest.fixture
def audited(patient_course, monkeypatch):
    """audited(name, cases): their findings, with one draw of hidden inputs; each case has the verdict that it must."""
    monkeypatch.setenv("AUTOGRADER_SECRET", "one draw of hidden inputs; `make stability` is for others")

    def inner(name, cases):
        be_patient(patient_course.solutions / name, LIMITS)
        findings = audit(patient_course, name, cases, seeds=1)
        assert [f"{f.case.kind} {f.case.name}: {f.problem}" for f in findings if f.problem] == []
        assert {f.case.name: ids for f in findings if f.case.sample and (ids := failed_elsewhere(f))} == {}
        return findings

    yield inner
    for name in COURSE.names():
        be_patient(patient_course.solutions / name)


def failed_elsewhere(finding):
    """The checks of other questions that a sample fails. They must wait for its question, or pass."""
    declared = finding.case.sample.fails
    replaced = top_level_names(finding.case.sample.source)
    cells = [c for c in load(finding.result.assignment).cells if c.role == "solution"]
    own = {c.question for c in cells if replaced & set(c.defines)} | {check.partition(".")[0] for check in declared}
    put = [(q.id, c) for q in finding.result.questions for c in q.checks]
    return [c.id for question, c in put if question not in own and c.outcome not in {"pass", "blocked"}]


@functools.cache
def load(name):
    return bundled_suite(name)


@functools.cache
def cases_of(name):
    """All cases of an assignment but its mutants."""
    return corpus_without_mutants(load(name))


@functools.cache
def mutants_of(name):
    """They take seconds to make."""
    return [case for case in corpus(load(name)) if case.kind == "mutant"]


def a_part(cases):
    """What everyone should have graded before a commit: the solution, no work, and some right and wrong work."""
    right, wrong = ([case for case in cases if case.kind == kind] for kind in ("right", "wrong"))
    return [*(case for case in cases if case.kind in {"solution", "starter"}), *right[::15], *wrong[::40]]


@pytest.mark.parametrize("name", COURSE.names())
def test_some_right_and_wrong_samples_get_the_verdict_they_must(name, audited):
    got = pin_scores.scores(audited(name, a_part(cases_of(name))))
    pinned = json.loads(pin_scores.FILE.read_text())[name]
    assert got == {sample: pinned[sample] for sample in got}, "if meant: make scores"


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", COURSE.names())
def test_every_sample_gets_the_verdict_it_must(name, audited):
    findings = audited(name, cases_of(name))
    numbers = accuracy(name, findings)
    assert numbers.idle == ()
    assert pin_scores.scores(findings) == json.loads(pin_scores.FILE.read_text())[name], "if meant: make scores"
    assert numbers.spread[0] <= MOST_ELSEWHERE
    assert numbers.free == ()
    dear = [c for c in numbers.costs.samples if c.single and c.in_question > MOST_A_MISTAKE_COSTS]
    assert {c.name: c.in_question for c in dear} == {}


@pytest.mark.exhaustive
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", COURSE.names())
def test_every_mutant_gets_the_verdict_it_must(name, part, audited):
    """In parts, so that all cores have work. `make audit` tries every twelfth, and with MUTANTS=all each one."""
    mutants = mutants_of(name)
    tried = mutants if os.environ.get("MUTANTS") == "all" else mutants[::12]
    audited(name, tried[part::PARTS])


@pytest.mark.parametrize("name", COURSE.names())
def test_there_are_samples_enough(name):
    kinds = [c.kind for c in cases_of(name)]
    wrong, right = SAMPLES[name]
    assert kinds.count("wrong") >= wrong
    assert kinds.count("right") >= right


@pytest.mark.parametrize("name", SOME_ASSIGNMENTS)
def test_there_are_mutants_enough(name):
    assert len(mutants_of(name)) >= 200


# --- On the skeleton ------------------------------------------------------------------------------


@pytest.fixture
def own_course(tmp_path):
    (tmp_path / "course.toml").write_text('title = "Test course"\n')
    made = open_course(tmp_path)
    be_patient(new(made, "a9_test"))
    return made


KINDS = frozenset(get_args(Kind))


def skeleton_audited(course, seeds=1, kinds=KINDS):
    """The findings for all cases of these kinds. seeds: draws of hidden inputs; None: as many as usual."""
    cases = [c for c in corpus(load_assignment(course.solutions / "a9_test")) if c.kind in kinds]
    return audit(course, "a9_test", cases, seeds=seeds, tier="B")


@pytest.fixture(scope="module")
def skeleton_findings(course):
    """Those of an assignment as `autograder new` makes it."""
    return skeleton_audited(course, seeds=None)


def edit(course, file, old, new_text):
    path = course.solutions / "a9_test" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new_text))


def test_the_skeleton_assignment_passes_its_audit(skeleton_findings):
    assert [f.problem for f in skeleton_findings if f.problem] == []


def test_a_right_sample_that_does_not_run_on_the_device_is_found_out(own_course):
    folder = own_course.solutions / "a9_test" / "samples" / "right"
    (folder / "by_interpolation.py").write_text(
        '"""By way of a function that remote arrays do not offer."""\n\nimport numpy as np\n\n\n'
        "def mean_square(x):\n    return np.mean(np.interp(x, np.sort(x), np.sort(x)) ** 2)\n"
    )
    cases = corpus_without_mutants(load_assignment(own_course.solutions / "a9_test"))
    assert [f.problem for f in audit(own_course, "a9_test", cases, tier="B", device="strict") if f.problem] == [
        "expected its checks to run on strict, but judged on the CPU instead of strict: q1.value (refused)"
    ]
    assert [f.problem for f in audit(own_course, "a9_test", cases, tier="B") if f.problem] == []


def test_a_check_that_catches_nothing_is_found_out(own_course):
    edit(own_course, "hidden_checks.py", "assert_number(student.mean_square(x), reference.mean_square(x))", "pass")
    findings = skeleton_audited(own_course)
    assert {"starter", "square_of_the_mean"} <= {f.case.name for f in findings if f.problem}
    assert accuracy("a9_test", findings).idle == ("q1.value",)


def test_a_check_that_fails_right_work_is_found_out(own_course):
    edit(
        own_course,
        "hidden_checks.py",
        "for size in (7, 2, 1):",
        "for size in (7, 2, 1) if student is None else (1 / 0,):",
    )
    (finding,) = skeleton_audited(own_course, kinds={"solution"})
    assert finding.problem.startswith("expected every check")


def test_a_survivor_is_shown_with_its_diff_and_explained_by_the_list_alone(own_course, capsys):
    edit(
        own_course,
        "notebook.py",
        "return np.mean(np.square(x))",
        "total = np.mean(np.square(x))\n    return abs(total)",
    )
    findings = skeleton_audited(own_course)
    survivors = [f.case.name for f in findings if f.case.kind == "mutant" and f.problem]
    assert survivors == ["mean_square: abs(total) → total"]
    show(Console(width=200), findings, accuracy("a9_test", findings))
    printed = capsys.readouterr().out
    assert "-    return abs(total)" in printed
    assert "+    return total" in printed
    listed = own_course.solutions / "a9_test" / EQUIVALENT
    listed.write_text('[[equivalent]]\nbecause = "a mean of squares is never negative"\n'
                      'mutants = ["mean_square: abs(total) → total"]\n')  # fmt: skip
    findings = skeleton_audited(own_course)
    assert [f.problem for f in findings if f.problem] == []
    assert accuracy("a9_test", findings).equivalent == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[equivalent]]\nbecause = "no longer there"\nmutants = ["f: a → b"]', "Hint: f: a → c"),
        ('[[equivalent]]\nbecause = "no longer there"\nmutants = ["last: 0 → 1"]', "the solution has changed"),
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
    assert [f.case.name for f in skeleton_audited(own_course) if f.problem] == [mutant]


def test_the_kill_matrix_is_written_as_json_and_as_a_picture(skeleton_findings, tmp_path):
    numbers = accuracy("a9_test", skeleton_findings)
    (made,) = json.loads(as_json([(skeleton_findings, numbers)]))["assignments"]
    assert made["wrong_caught"] == [2, 2]
    assert made["mutants_killed"][0] == made["mutants_killed"][1] > 0
    assert {"name", "kind", "score", "carried", "failed", "equivalent", "problem"} == set(made["cases"][0])
    assert [c["cost_beyond"] for c in made["cases"] if c["kind"] == "wrong"] == [
        {"raw": 3.0, "marked": 3.0},  # square_of_the_mean declares q1.value, and fails example (2) and pure (1)
        {"raw": 0.0, "marked": 0.0},
    ]
    figure.save(tmp_path / "matrix.png", skeleton_findings, numbers)
    assert (tmp_path / "matrix.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


# --- Draws ---


@pytest.mark.parametrize(
    ("seeds", "draws", "words"),
    [
        (None, (3, 1), "3 of hidden inputs each, a mutant 1"),
        (2, (2, 2), "2 of hidden inputs each"),
        (1, (1, 1), "stability was not tested"),
    ],
)
def test_it_tries_three_draws_or_says_that_stability_was_not_tested(own_course, capsys, seeds, draws, words):
    cases = corpus(load_assignment(own_course.solutions / "a9_test"))
    chosen = {c.kind: c for c in cases}.values()  # one of each kind
    findings = audit(own_course, "a9_test", list(chosen), seeds=seeds, tier="B")
    numbers = accuracy("a9_test", findings)
    assert numbers.draws == draws
    show(Console(width=200), findings, numbers)
    assert words in capsys.readouterr().out


def test_a_check_whose_points_depend_on_the_draw_is_found_out_without_being_asked_for(own_course, monkeypatch):
    """Three draws of two sizes are all alike once in four times, so a few secrets are tried, one after the other."""
    edit(own_course, "hidden_checks.py", "for size in (7, 2, 1):", "for size in rng.integers(0, 2, size=1):")

    def is_found_out(secret):
        monkeypatch.setenv("AUTOGRADER_SECRET", secret * 20)
        return any("seed" in f.problem for f in skeleton_audited(own_course, seeds=None, kinds={"solution", "wrong"}))

    assert any(map(is_found_out, "abcdefgh"))


# --- Functions that do nothing --------------------------------------------------------------------


def test_a_check_that_pays_for_nothing_is_named_and_the_exit_code_is_that_of_a_failure(own_course):
    edit(
        own_course,
        "hidden_checks.py",
        "    assert_number(student.mean_square(kept), reference.mean_square(x))",
        "    student.mean_square(kept)",
    )
    done = CliRunner().invoke(
        app, ["audit", "a9_test", "--course", str(own_course.root), "--tier", "B", "--seeds", "1", "--jobs", "1"]
    )
    assert done.exit_code == 1
    said = " ".join(done.output.split())
    words = "expected no points for functions that do nothing, but some come from q1.pure (1)"
    assert f"all functions only return {{}}: {words}" in said
    assert "doing nothing 0 of 5" in said


def test_with_first_it_stops_at_the_first_problem_and_shows_this_one_alone(own_course):
    edit(own_course, "notebook.py", "return np.mean(np.square(x))", "return np.sum(np.square(x)) / 3")
    command = ["audit", "a9_test", "--course", str(own_course.root), "--tier", "B", "--seeds", "1", "--jobs", "1"]
    done = CliRunner().invoke(app, [*command, "--first"])
    assert done.exit_code == 1
    assert "stopped here: without --first, every notebook is tried" in done.output
    assert done.output.count("expected") == 1
    assert "wrong samples" not in done.output


@pytest.mark.parametrize("jobs", some("12"))
def test_with_first_an_audit_without_a_problem_is_whole(own_course, jobs):
    command = ["audit", "a9_test", "--course", str(own_course.root), "--tier", "B", "--seeds", "1", "--jobs", jobs]
    done = CliRunner().invoke(app, [*command, "--first"])
    assert done.exit_code == 0
    assert "stopped here" not in done.output
    assert "wrong samples" in done.output


def test_points_that_are_carried_count_as_points_of_nothing(tmp_path):
    """q2's check never calls q2's function: with the author's double it passes. An empty body is not written, though."""
    assignment = three_questions.written(tmp_path)
    checks = assignment.folder / "hidden_checks.py"
    checks.write_text(checks.read_text().replace("student.fourfold(3.0), 12.0", "student.double(3.0), 6.0"))
    cases = [c for c in corpus_without_mutants(load_assignment(assignment.folder)) if c.kind == "nothing"]
    problems = {f.problem for f in audit(open_course(tmp_path), "a8_three", cases, seeds=1, tier="B")}
    words = "expected no points for functions that do nothing, but some come from q2.fourfold (1 carried)"
    assert problems == {"", words}


def emptied(source, body):
    return _emptied(source, BODIES[body])


@pytest.mark.parametrize(
    ("body", "last"),
    [
        ("pass", "pass"),
        ("return FIRST_ARGUMENT", "return x"),
        ("return {}", "return {}"),
        ("return np.zeros_like(FIRST_ARGUMENT)", "return np.zeros_like(x)"),
        ("return 0", "return 0"),
    ],
)
def test_every_body_that_does_nothing_is_tried(body, last):
    source = "import math\n\ndef f(x, y=1):\n    # BEGIN SOLUTION\n    return math.exp(x)\n    # END SOLUTION"
    lines = emptied(source, body).splitlines()
    assert lines[0] == "import math"
    assert "def f(x, y=1):" in lines
    assert lines[-1].strip() == last


def test_methods_do_nothing_too_and_return_what_comes_after_self():
    source = (
        "class Node:\n    # BEGIN SOLUTION\n    size = 2\n    def __init__(self, value):\n        self.value = value\n"
        "    def __add__(self, other):\n        return Node(self.value + other.value)\n    def back(self):\n        return 1\n"
        "    @staticmethod\n    def of(value):\n        return Node(value)\n    # END SOLUTION"
    )
    assert emptied(source, "return FIRST_ARGUMENT") == (
        "class Node:\n    size = 2\n\n    def __init__(self, value):\n        pass\n\n    def __add__(self, other):\n"
        "        return other\n\n    def back(self):\n        return self\n\n    @staticmethod\n    def of(value):\n"
        "        return value"
    )


def test_what_students_get_stays_and_the_solution_does_not():
    source = "answers = {}\n# BEGIN SOLUTION\nanswers = {'c1': 'b'}\ndef mine(a):\n    return a\n# END SOLUTION"
    assert emptied(source, "return 0") == "answers = {}\n\ndef mine(a):\n    return 0"


@pytest.mark.parametrize("name", COURSE.names())
def test_every_notebook_that_does_nothing_is_a_program_with_every_name(name):
    assignment = bundled_suite(name)
    names = {n for c in assignment.cells if c.role == "solution" for n in c.defines}
    for _, cells in do_nothing(assignment):
        assert names <= {n for _, cell, source in cells if "solution" in cell for n in top_level_names(source)}


# --- The cost of a single misconception -----------------------------------------------------------


def case_of(name, fails, *checks):
    sample = Sample(name, "wrong", "a mistake", "", fails)
    return CaseResult(Case(name, "wrong", [], sample=sample), record(questions=(question("q1", *checks),)), "")


def test_the_cost_of_a_misconception_leaves_out_what_it_declares_and_once_more_what_is_carried():
    """q1.value (5) is declared. q1.edge (3) fails as well, and q2.use (8) is blocked and carries its points."""
    lost = (
        check("q1.value", 0.0, 5.0),
        check("q1.edge", 0.0, 3.0),
        check("q2.use", 0.0, 8.0, "blocked", blocked_by="q1", carried=8.0),
        check("q2.other", 4.0, 4.0),
    )
    of = costs([case_of("dear", ("q1.value",), *lost), case_of("cheap", ("q1.value",), lost[0], lost[3])], 0.5)
    assert [(c.name, c.raw, c.marked) for c in of.samples] == [("dear", 11, 7), ("cheap", 0, 0)]
    assert of.samples[0].questions == ("q1", "q2")
    assert of.median == (5.5, 3.5)
    assert of.worst.name == "dear"


def test_the_cost_of_a_slip_is_what_it_loses_in_its_own_question():
    slip = check("q1.value", 0.0, 5.0).model_copy(update={"slip": "no_mean"})
    lost = (slip, check("q1.example", 0.0, 2.0), check("q1.pure", 1.0, 1.0), check("q2.use", 0.0, 8.0))
    of = costs(
        [case_of("slip", ("q1.value",), *lost), case_of("dear", ("q1.value",), check("q1.value", 0.0, 9.0))], 1.0
    )
    assert {(c.name, c.in_question, c.slip) for c in of.samples} == {("slip", 7, "no_mean"), ("dear", 9, "")}
    assert of.dearest.name == "dear"


def test_a_function_that_never_gives_a_value_is_no_single_mistake():
    """It gets nothing, as a function that does nothing."""
    raises, wrong_type = check("q1.value", 0.0, 12.0, "error"), check("q1.form", 0.0, 3.0, diagnosis="type")
    value = check("q1.value", 0.0, 2.0, diagnosis="sign")
    cases = [case_of("idle", ("q1.value",), raises, wrong_type), case_of("sign", ("q1.value",), value, wrong_type)]
    cases += [case_of("many", ("q1.value", "q2.value", "q3.value", "q4.value"), value)]
    of = costs(cases, 1.0)
    assert {c.name: c.single for c in of.samples} == {"idle": False, "sign": True, "many": False}
    assert of.dearest.name == "sign"


def test_a_sample_that_declares_a_slip_must_show_it():
    shown = check("q1.value", 0.0, 5.0).model_copy(update={"slip": "no_mean"})
    for declared, problem in (
        ("", ""),
        ("no_mean", ""),
        ("sign", "expected q1.value to name the slip sign, but it names no_mean"),
    ):
        sample = Sample("wrong", "wrong", "a mistake", "", ("q1.value",), slip=declared)
        assert _must_fail(sample, record(questions=(question("q1", shown),))) == problem


def test_a_mistake_that_only_later_questions_see_is_named_as_free():
    carries = check("q2.use", 0.0, 8.0, "blocked", blocked_by="q1", carried=8.0)
    cases = [case_of("free", ("q2.use",), carries), case_of("paid", ("q1.value",), check("q1.value"), carries)]
    assert free(cases) == ("free",)


def test_the_audit_prints_what_a_misconception_costs(skeleton_findings, capsys):
    show(Console(width=200), skeleton_findings, accuracy("a9_test", skeleton_findings))
    printed = capsys.readouterr().out
    assert "one misconception costs, beyond the check it declares: median" in printed
    assert "lost beyond it" in printed


# --- Mutants --------------------------------------------------------------------------------------


def changes(body, signature="x"):
    source = f"def f({signature}):\n    # BEGIN SOLUTION\n    {body}\n    # END SOLUTION"
    return [m.change for m in _of_cell(SourceCell("q1-solution", "code", "solution", source, "q1"), statements=False)]


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
def test_every_mutant_is_a_program_with_a_name_of_its_in_question(name):
    cases = [c for c in cases_of(name) if c.kind == "mutant"]
    assert len({c.name for c in cases}) == len(cases)
    for case in cases:
        ast.parse(case.mutant.source)
        assert case.mutant.diff.count("\n+") + case.mutant.diff.startswith("+") >= 1


def test_a_sample_that_wraps_the_solution_is_told_that_samples_replace_functions(own_course):
    folder = own_course.solutions / "a9_test" / "samples" / "wrong"
    (folder / "doubled.py").write_text(
        '"""Twice as large.\n\nfails: q1.value\ndiagnosis: scale\n"""\n\n'
        "once = mean_square\n\n\ndef mean_square(x):\n    return 2 * once(x)\n"
    )
    cases = [c for c in corpus(load_assignment(own_course.solutions / "a9_test")) if c.name == "doubled"]
    (finding,) = audit(own_course, "a9_test", cases, tier="B")
    assert "raised NameError: name 'mean_square' is not defined" in finding.problem
    assert "a sample replaces functions" in finding.problem
