"""Some hidden checks changed: by them alone, the bytes that grading everything again gives; or everything is graded."""

import shutil

import pytest
from benchmarks import in_part

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells
from autograder.course import bundled_course, open_course
from autograder.grading import partly
from autograder.grading.grade_class import Plan, grade_class
from autograder.grading.tally import Tally
from autograder.intake.submissions import find_submissions
from autograder.records.result import read_result, result_path

NAME = "a9_test"
HIDDEN, TEXT = "hidden_checks.py", "notebook.py"
LOOSER = (HIDDEN, "reference.mean_square(x))", "reference.mean_square(x), rtol=1e-4)")
HARDER = (HIDDEN, "    for size in (1, 2, 7):", "    assert False\n    for size in (1, 2, 7):")
WRONG = "def mean_square(x):\n    return np.sum(np.square(x)) / 2"  # right for the two numbers of the public check


@pytest.fixture
def own(course, tmp_path):
    """A course to edit: own.edit(file, old, new)."""
    shutil.copytree(course.root, tmp_path / "own", ignore=shutil.ignore_patterns("work"))
    return Own(open_course(tmp_path / "own"))


class Own:
    def __init__(self, course):
        self.course = course

    def edit(self, file, old, new):
        path = self.course.solutions / NAME / file
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))


@pytest.fixture
def run(own, hand_in, tmp_path, monkeypatch):
    """Grade the class. Returns (what the run says it had to do, {student: result file})."""
    monkeypatch.setenv("AUTOGRADER_SECRET", "in part")

    def of(out="results", **options):
        tally, submissions = Tally(), tuple(find_submissions(hand_in.root, (NAME,)))
        grade_class(Plan(own.course, (NAME,), submissions, tmp_path / out, **{"tier": "B", **options}), tally=tally)
        return str(tally), {p.stem: p.read_bytes() for p in sorted((tmp_path / out / NAME).glob("*.json"))}

    return of


@pytest.fixture
def answer(hand_in, skeleton):
    """answer(student, source, *more cells) hands in a notebook with that function."""

    def of(student, source=None, *more):
        cells = [(k, n, source if source and n == "q1-solution" else s) for k, n, s in solved_cells(skeleton)]
        hand_in(student, notebook_text([*cells, *(("code", f"own-{i}", s) for i, s in enumerate(more))]))

    return of


@pytest.fixture
def class_of_four(answer, hand_in, starter):
    answer("ada")
    answer("bob", WRONG)
    answer("eve", "seen = []\ndef mean_square(x):\n    seen.append(x)\n    return np.mean(np.square(x))")
    hand_in("kim", starter)


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ([LOOSER], "3 graded now, 1 graded in part"),  # only ada passes it, and is seen to remember nothing
        ([HARDER], "4 graded now"),
        ([(HIDDEN, "size=4", "size=5")], "2 graded now, 2 graded in part"),  # bob, too, leaves his input as it was
        (
            [(HIDDEN, "Right for any vector", "Any vector"), (TEXT, "One function, two", "A function, two")],
            "4 graded in part",
        ),
        ([(HIDDEN, "points=6", "points=5"), (HIDDEN, "points=2", "points=3")], "4 graded in part"),
        ([("assignment.toml", "Square first", "First square")], "4 graded in part"),
        ([LOOSER, (HIDDEN, "size=4", "size=5")], "3 graded now, 1 graded in part"),
        ([LOOSER, ("assignment.toml", "call_seconds = 2", "call_seconds = 3")], "4 graded now"),
        ([(HIDDEN, "def test_pure", "def test_unchanged")], "4 graded now"),
    ],
    ids=["looser", "harder", "pure", "words", "points", "a hint", "both", "a limit", "another name"],
)
def test_the_bytes_are_those_of_grading_everything_again(run, own, class_of_four, edits, told):
    run()
    for edit in edits:
        own.edit(*edit)
    again, results = run()
    assert again == told
    assert results == run(out="anew")[1]
    assert run()[0] == "4 up to date"


def test_a_class_of_a2_gets_what_grading_everything_again_gives(tmp_path, monkeypatch):
    """A few of the samples here; `python tests/benchmarks/in_part.py` takes all of them."""
    monkeypatch.setenv("AUTOGRADER_SECRET", "in part")
    first = in_part.changed_course(bundled_course(), [], tmp_path / "course")
    in_part.hand_in(first, tmp_path / "submitted", every=60)
    in_part.graded(first, tmp_path / "submitted", tmp_path / "again")
    change = in_part.CHANGES["a helper of seven checks"] + in_part.CHANGES["one check, loosened"]
    course = in_part.changed_course(first, change, tmp_path / "changed")
    again, told, _ = in_part.graded(course, tmp_path / "submitted", tmp_path / "again")
    anew, *_ = in_part.graded(course, tmp_path / "submitted", tmp_path / "anew")
    assert again == anew
    assert "graded in part" in told


@pytest.mark.parametrize(
    ("source", "more"),
    [
        (None, "1 / 0"),
        (None, "print('x' * 100_000)"),
        ("def mean_square(x):\n    while len(x) == 4: pass\n    return np.mean(np.square(x))", ""),
        ("def mean_square(x):\n    np.ones(2**40 if len(x) == 4 else 1)\n    return np.mean(np.square(x))", ""),
        ("def mean_square(x):\n    print(x)\n    return np.mean(np.square(x))", ""),
    ],
    ids=["a cell that raises", "much output", "an endless loop", "no memory", "output of its own"],
)
def test_where_one_check_could_influence_another_everything_is_graded(run, own, answer, source, more):
    own.edit("assignment.toml", "call_seconds = 2", "call_seconds = 0.5")  # the loop is met in run after run
    answer("ada", source, more)
    _, first = run()
    assert b'"outcome": "pass"' in first["ada"]
    own.edit(*LOOSER)
    again, results = run()
    assert again == "1 graded now"
    assert results == run(out="anew")[1]


def test_another_secret_tier_or_version_is_graded_anew(run, own, answer, monkeypatch):
    answer("ada")
    run(tier="unsafe")
    own.edit(*LOOSER)
    assert run(tier="unsafe")[0] == "1 graded now"  # nothing that ran outside a sandbox is believed
    assert run()[0] == "1 graded now"
    own.edit(HIDDEN, "rtol=1e-4", "rtol=1e-3")
    monkeypatch.setenv("AUTOGRADER_SECRET", "another")
    assert run()[0] == "1 graded now"


def test_all_puts_every_check(run, own, answer):
    answer("ada")
    run()
    own.edit(*LOOSER)
    assert run(everything=True)[0] == "1 graded now"


def test_a_result_that_says_nothing_of_its_checks_is_graded_anew(run, own, answer, tmp_path):
    answer("ada")
    run()
    path = result_path(tmp_path / "results", NAME, "ada")
    old = read_result(path)
    assert set(old.fingerprints) == {"rest", "q1.value", "q1.pure"}
    path.write_text(old.model_copy(update={"fingerprints": {}}).to_json())
    own.edit(*LOOSER)
    assert run()[0] == "1 graded now"


def test_only_what_changed_is_put_and_in_several_processes_too(run, own, answer, monkeypatch):
    for student in ("ada", "bob"):
        answer(student, None, f"who = {student!r}")
    run()
    own.edit(*LOOSER)
    put, real = [], partly.judge
    monkeypatch.setattr(partly, "judge", lambda check, *rest: put.append(check.id) or real(check, *rest))
    told, _ = run()
    assert told == "2 graded in part"
    assert put == ["q1.value"] * 2
    own.edit(HIDDEN, "rtol=1e-4", "rtol=1e-3")
    told, again = run(jobs=2)
    assert told == "2 graded in part"
    assert load_assignment(own.course.solutions / NAME).suite_sha256.encode() in again["ada"]
