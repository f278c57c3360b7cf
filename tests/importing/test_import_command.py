"""`autograder import` from the command line: an assignment that works, with the reason for each test that stays inside."""

import pytest
from commands import run
from importing.five_courses import answer, given, notebook, solved, test_cell, text
from importing.test_reading import MASTER, written

from autograder.assignment.assignment import load_assignment
from autograder.course import open_course
from autograder.errors import AutograderError, CourseError
from autograder.importing.draft import ImportDraft
from autograder.importing.parts import SourcePart
from autograder.importing.questions import in_questions

HIDE, SHOW = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
CELLS = [
    text("# Squares"),
    given("import math"),
    text("## One square"),
    answer("square", solved("def square(x):", "return x * x")),
    test_cell("shown", 1, '"""Small numbers"""\nassert square(2) == 4'),
    test_cell("secret", 2, f"{HIDE}\nassert square(math.pi) == math.pi**2 and square(-3) == 9\n{SHOW}"),
    answer("total", solved("def total(values):", "return sum(square(v) for v in values)")),
    test_cell("uses", 1, f"{HIDE}\nold = square\ndel square\ntry:\n    total([1])\nexcept NameError:\n    pass\nelse:\n    assert False\nfinally:\n    square = old\n{SHOW}"),
    test_cell("broken", 1, f"{HIDE}\nassert total([1]) == 2\n{SHOW}"),
    test_cell("part", 4, f"{HIDE}\n4 if total([1, 2]) == 5 else 1.5 if total([1]) == 1 else 0\n{SHOW}"),
]  # fmt: skip
ESSAY = {
    "cell_type": "markdown",
    "metadata": {"nbgrader": {"grade": True, "solution": True, "grade_id": "why", "points": 3}},
    "source": "Because.",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("import")
    (root / "course.toml").write_text('title = "Import"\n')
    source = root / "theirs" / "Problem Set 1"
    source.mkdir(parents=True)
    (source / "squares.ipynb").write_text(notebook(CELLS))
    (source / "notes.txt").write_text("read me\n")
    return open_course(root)


@pytest.fixture(scope="module")
def imported(course):
    return run(
        "import", "nbgrader", course.root / "theirs" / "Problem Set 1", "--course", course.root, "--jobs", 1
    ).output


@pytest.fixture
def suite(course, imported):
    return load_assignment(course.solutions / "problem_set_1")


def test_every_test_is_where_the_evidence_puts_it(suite, imported):
    checks = {check.id: (check.visibility, check.points) for check in suite.checks}
    assert checks == {
        "q1.shown": ("public", 1),
        "q1.secret": ("hidden", 2),
        "q2.uses": ("inside", 1),
        "q2.part": ("hidden", 4),
    }
    assert "3 of 5 tests run outside the student's process, 1 inside, 1 left out" in imported
    assert "it deletes or sets `square`, which the notebook uses" in imported
    assert "it does not hold for the author's own solution" in imported


def test_the_heading_of_a_question_is_not_the_title_of_the_assignment():
    parts = (
        SourcePart("prose", "## Part A"),
        SourcePart("answer", "x = 1"),
        SourcePart("test", "assert x == 1", points=1),
    )
    draft = ImportDraft("nbgrader", "problem1.ipynb", in_questions(parts), {2: "lifted"})
    assert draft.files()["assignment.toml"].startswith('title = "problem1"\n')


def test_titles_hand_outs_and_the_report_come_along(suite):
    assert suite.title == "Squares"
    assert [q.title for q in suite.settings.questions] == ["One square", "total"]
    assert {c.id: c.title for c in suite.checks}["q1.shown"] == "Small numbers"
    assert list(suite.handout_files) == ["notes.txt"]
    report = (suite.folder / "IMPORT.md").read_text()
    assert "| uses | q2.uses | 1 | inside | it deletes or sets `square`, which the notebook uses |" in report


def test_a_lifted_test_stands_there_unchanged(suite):
    checks = (suite.folder / "hidden_checks.py").read_text()
    assert "assert square(math.pi) == math.pi**2 and square(-3) == 9\n" in checks
    assert "names={'square': 'square'}" in checks.replace('"', "'")


def test_the_audit_takes_the_result(course, suite):
    output = run("audit", "problem_set_1", "--course", course.root, "--seeds", 1, "--jobs", 1).output
    assert "own solution     2 of 2 as it must be" in output


def test_nothing_is_overwritten(course, suite):
    with pytest.raises(AutograderError, match="expected a new folder"):
        run("import", "nbgrader", course.root / "theirs" / "Problem Set 1", "--course", course.root)


def test_a_notebook_without_tests_is_one_line(course):
    (folder := course.root / "theirs" / "words").mkdir()
    (folder / "words.ipynb").write_text(notebook([text("Only words.")]))
    with pytest.raises(CourseError, match="words: expected a cell that is graded"):
        run("import", "nbgrader", folder, "--course", course.root)
    assert not (course.solutions / "words").exists()


def test_a_course_that_is_brought_again_brings_what_is_new_in_it(course, tmp_path):
    for name in ("first", "second"):
        (folder := tmp_path / "source" / name).mkdir(parents=True)
        (folder / "essay.ipynb").write_text(notebook([text(f"# {name}"), ESSAY]))
    theirs = "import", "nbgrader", tmp_path, "--course", course.root, "--jobs", 1
    (course.solutions / "first").mkdir(parents=True)
    output = run(*theirs).output
    assert "first: expected a new folder, got one that is there" in output
    assert load_assignment(course.solutions / "second").by_hand == {"why": 3}
    run(*theirs, code=1)


def test_answers_for_a_person_alone_are_an_assignment(course):
    (folder := course.root / "theirs" / "essay").mkdir()
    (folder / "essay.ipynb").write_text(notebook([text("# Essay"), ESSAY]))
    output = run("import", "nbgrader", folder, "--course", course.root, "--jobs", 1).output
    assert "No test runs: a person grades all of it." in output
    assignment = load_assignment(course.solutions / "essay")
    assert (assignment.max_score, assignment.by_hand) == (0, {"why": 3})
    run("audit", "essay", "--course", course.root, "--seeds", 1, "--jobs", 1)


TANGLED = [
    text("# Tangled"),
    answer("box", "class Box:\n    ### BEGIN SOLUTION\n    side = 1\n    ### END SOLUTION\n"),
    test_cell("box_hidden", 1, f"{HIDE}\na = Box()\nassert isinstance(a, Box) and a.side == 1\n{SHOW}"),
    test_cell("helper", 1, "def near(x, y):\n    return abs(x - y) < 0.1\nassert Box.side == 1"),
    test_cell("early", 1, "assert a == 2"),
    answer("a", "### BEGIN SOLUTION\na = 2\nis_near = near(a, 2.01)\n### END SOLUTION"),
    test_cell("a_hidden", 3, f"{HIDE}\n(a == 2) + 2 * is_near\n{SHOW}"),
]


def test_names_that_tests_and_later_cells_share_cost_no_point(course):
    """The first test sets `a`; a later cell needs `near` of the second; the third fails; the last gives all points."""
    (folder := course.root / "theirs" / "tangled").mkdir()
    (folder / "tangled.ipynb").write_text(notebook(TANGLED))
    output = run("import", "nbgrader", folder, "--course", course.root, "--jobs", 1).output
    checks = {check.id: check.visibility for check in load_assignment(course.solutions / "tangled").checks}
    assert checks.keys() == {"q1.box_hidden", "q1.helper", "q2.a_hidden"}
    assert (checks["q1.box_hidden"], checks["q2.a_hidden"]) == ("inside", "hidden")
    assert "an object of the class `Box`" in output
    run("release", "tangled", "--course", course.root)
    released = (course.root / "assignments" / "tangled" / "tangled.ipynb").read_text()
    assert "def near" in released
    assert "isinstance" not in released
    assert "assert a == 2" not in released


def test_a_name_can_be_given(course):
    with pytest.raises(AutograderError, match="expected a name of small letters"):
        run("import", "nbgrader", course.root / "theirs" / "Problem Set 1", "x" * 70, "--course", course.root)


def test_otters_master_notebook_becomes_an_assignment(course, tmp_path):
    (tmp_path / "data.csv").write_text("1\n")
    output = run("import", "otter", written(tmp_path, *MASTER), "--course", course.root, "--jobs", 1).output
    assert "2 of 2 tests run outside the student's process, 0 inside" in output
    suite = load_assignment(course.solutions / "hw")
    assert [(c.id, c.visibility, c.points) for c in suite.checks] == [("sq.1", "public", 1.5), ("sq.2", "hidden", 1.5)]
    assert suite.by_hand == {"why": 2.0}
