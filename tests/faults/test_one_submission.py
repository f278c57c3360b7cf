"""Trouble with one submission: it gets the status `error`, its earlier points stay, and the others are graded."""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from patience import be_patient
from result_builders import nothing

from autograder.assignment.samples import notebook_text, solved_cells
from autograder.course import open_course
from autograder.errors import DeviceError, KilledError, SandboxError, UnwritableError
from autograder.exports.filling import score_text
from autograder.grading import grader as stage
from autograder.grading.grade_class import grade, grade_class
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import find_submissions
from autograder.judging import clock
from autograder.judging.not_judged import OUR_FAULT
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of
from autograder.publishing.publish import publish
from autograder.records import writer
from autograder.records.result import Result
from autograder.records.store import result_path
from autograder.reports.pages import write_reports
from autograder.sandbox.clocks import Deadline
from autograder.sandbox.tiers import open_sandbox
from autograder.scaffold import new

TROUBLES = [
    RecursionError("too deep"),
    MemoryError("no room"),
    SyntaxError("SECRET"),
    UnicodeEncodeError("utf-8", "\udc80", 0, 1, "SECRET"),
    OSError(errno.EIO, "SECRET"),
    KilledError("process: expected it to serve, but it was killed."),
    AssertionError("SECRET"),
]


@pytest.fixture
def fails(monkeypatch, tmp_path):
    """fails(error): grading bob's notebook raises it; with None, it does not any more."""
    troubles, real = [None], stage.grade_submission
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def grade_submission(submission, *rest):
        if submission.student == "bob" and troubles[0] is not None:
            raise troubles[0]
        return real(submission, *rest)

    monkeypatch.setattr(stage, "grade_submission", grade_submission)
    return lambda error: troubles.__setitem__(0, error)


@pytest.fixture
def three(hand_in, solved):
    for student in ("ada", "bob", "cat"):
        hand_in(student, solved)


def statuses(results):
    return {student: (result.status, result.score) for student, result in results.items()}


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda t: type(t).__name__)
def test_k8_whatever_is_raised_for_one_submission_the_others_are_graded(run, three, fails, out, trouble, capfd):
    fails(trouble)
    results = run()
    assert statuses(results) == {"ada": ("graded", 10), "bob": ("error", 0), "cat": ("graded", 10)}
    assert results["bob"].reason == OUR_FAULT
    assert [flag.kind for flag in results["bob"].flags] == ["not_graded"]
    assert "SECRET" not in result_path(out, "a9_test", "bob").read_text()
    assert "a9_test,bob,0,10,error" in (out / "grades.csv").read_text()
    assert "Traceback" not in capfd.readouterr().err


def test_the_instructor_reads_where_an_unknown_exception_was_raised_and_gets_one_report(
    run, hand_in, solved, fails, capfd
):
    for student in ("ada", "bob"):
        hand_in(student, solved)
    fails(RecursionError("SECRET"))
    flag = run()["bob"].flags[0]
    assert flag.data[0].startswith("RecursionError in grading/grader.py, line ")
    said = capfd.readouterr().err
    assert said.startswith("a9_test, bob: this is a fault of autograder")
    assert "SECRET" not in said
    report = Path(said.partition("Report: ")[2].partition(". Hint")[0])
    assert "SECRET" in report.read_text()


def test_earlier_points_stay_and_the_next_run_tries_again(run, three, fails, hand_in, starter, out):
    before = run()["bob"]
    hand_in("bob", starter)
    fails(RecursionError())
    failed = run()["bob"]
    assert (failed.status, failed.score, failed.questions) == ("error", 10, before.questions)
    assert failed.submission_sha256 == before.submission_sha256  # of the notebook that the points are for
    assert "a9_test,bob,10,10,error" in (out / "grades.csv").read_text()
    text = result_path(out, "a9_test", "bob").read_bytes()
    assert statuses(run())["bob"] == ("error", 10)  # again, and not twice a flag
    assert result_path(out, "a9_test", "bob").read_bytes() == text
    fails(None)
    assert statuses(run()) == {"ada": ("graded", 10), "bob": ("graded", 0), "cat": ("graded", 10)}
    assert run()["bob"].flags == ()


def test_an_error_is_never_up_to_date_though_everything_else_is_the_same(run, three, fails, graded):
    fails(ValueError())
    run()
    fails(None)
    graded.clear()
    assert run()["bob"].status == "graded"
    assert graded == ["bob"]


def test_a_submission_that_brings_its_sandbox_down_twice_is_an_error_and_not_the_end(run, three, fails):
    fails(SandboxError("zygote: expected a new process, got no process."))
    assert statuses(run()) == {"ada": ("graded", 10), "bob": ("error", 0), "cat": ("graded", 10)}


def test_where_no_sandbox_can_be_opened_any_more_the_run_stops(run, three, fails, monkeypatch):
    fails(SandboxError("zygote: expected a new process, got no process."))
    opened = []

    def once(*given, **options):
        if opened:
            raise SandboxError("tier B: expected the sandbox to start, got none.")
        opened.append(open_sandbox(*given, **options))
        return opened[0]

    monkeypatch.setattr(stage, "open_sandbox", once)
    with pytest.raises(SandboxError, match="expected the sandbox to start"):
        run()


def test_a_lost_device_stops_the_run(run, three, fails):
    fails(DeviceError("device 'cuda': expected it to go on, got an error."))
    with pytest.raises(DeviceError):
        run()


# The clock


def test_k7_a_second_attempt_has_the_deadline_of_the_first(run, hand_in, solved, monkeypatch):
    hand_in("ada", solved)
    deadlines, real = [], stage.grade_submission

    def grade_submission(*given):
        deadlines.append(given[-1])
        if len(deadlines) == 1:
            raise SandboxError("zygote: expected a new process, got no process.")
        return real(*given)

    monkeypatch.setattr(stage, "grade_submission", grade_submission)
    assert run()["ada"].score == 10
    assert len(set(deadlines)) == 1
    assert len(deadlines) == 2


def test_a_second_attempt_that_ends_at_the_deadline_decides_nothing():
    clock.require_time_left(Deadline(1000), attempt=2)
    clock.require_time_left(Deadline(0), attempt=1)  # the student's own time
    with pytest.raises(KilledError, match="expected time for another attempt"):
        clock.require_time_left(Deadline(0), attempt=2)


# What the system refuses


def refusing(path, code):
    """os.open that refuses this path: tests run as root, whom no mode stops."""
    real = os.open

    def refuse(place, *rest, **options):
        if os.fspath(place) == str(path):
            raise OSError(code, os.strerror(code), str(path))
        return real(place, *rest, **options)

    return refuse


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO, errno.ENOENT], ids=errno.errorcode.get)
def test_x20_a_notebook_that_the_system_does_not_read_is_an_error_and_not_malformed(
    run, three, hand_in, monkeypatch, code
):
    path = hand_in.root / "bob" / "a9_test" / "a9_test.ipynb"
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refusing(path, code))
        assert statuses(run()) == {"ada": ("graded", 10), "bob": ("error", 0), "cat": ("graded", 10)}
    assert statuses(run())["bob"] == ("graded", 10)


@pytest.mark.parametrize("folder", ["", "a9_test", "a9_test/earlier"])
def test_x20_a_folder_that_the_system_does_not_read_is_an_error(run, three, hand_in, monkeypatch, folder):
    place = hand_in.root / "bob" / folder
    place.mkdir(exist_ok=True)
    before = statuses(run())["bob"]
    real_iterdir, real_stat = Path.iterdir, Path.stat

    def refuse(path):
        if path == place or (path.parent == place and folder == ""):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", lambda path: refuse(path) or real_iterdir(path))
    monkeypatch.setattr(
        Path, "stat", lambda path, **o: (refuse(path) if path != place else None) or real_stat(path, **o)
    )
    results = run(everything=True)
    assert before == ("graded", 10)
    assert statuses(results) == {"ada": ("graded", 10), "bob": ("error", 10), "cat": ("graded", 10)}
    assert "Permission denied" in results["bob"].flags[-1].data[0]


def test_a_notebook_that_vanishes_after_the_class_was_listed_is_an_error(course, three, hand_in, out):
    submissions = tuple(find_submissions(hand_in.root, ("a9_test",)))
    shutil.rmtree(hand_in.root / "bob")
    results = grade(GradingPlan(course, ("a9_test",), submissions, out, tier="B"))
    assert {r.student: r.status for r in results} == {"ada": "graded", "bob": "error", "cat": "graded"}


def test_a_result_that_the_disk_does_not_take_is_an_error_of_its_student(course, three, hand_in, out, monkeypatch):
    submissions = tuple(find_submissions(hand_in.root, ("a9_test",)))
    real = writer.write_atomically

    def write(path, *rest):
        if path.name == "bob.json":
            raise UnwritableError(f"{path}: expected to write it, got Input/output error. Hint: choose another.")
        real(path, *rest)

    monkeypatch.setattr(writer, "write_atomically", write)
    grades = grade_class(GradingPlan(course, ("a9_test",), submissions, out, tier="B"))
    assert {g.student: g.status for g in grades} == {"ada": "graded", "bob": "error", "cat": "graded"}
    assert "Input/output error" in next(g.cause for g in grades if g.student == "bob")
    assert sorted(p.name for p in (out / "a9_test").iterdir()) == ["ada.json", "cat.json"]


def test_a_disk_that_takes_nothing_ends_the_run(run, three, monkeypatch):
    def full(path, *_):
        raise UnwritableError(f"{path}: expected to write it, got No space left on device. Hint: free some space.")

    monkeypatch.setattr(writer, "write_atomically", full)
    with pytest.raises(UnwritableError, match="No space left"):
        run()


# A grader process that ends


@pytest.fixture
def deadly(tmp_path, solved):
    """A course whose check ends the grader at once, as a fault of C would, if an answer is -7."""
    root = tmp_path / "deadly"
    root.mkdir()
    (root / "course.toml").write_text('title = "Deadly"\n')
    made = open_course(root)
    new(made, "a9_test")
    be_patient(made.solutions / "a9_test")
    checks = made.solutions / "a9_test" / "hidden_checks.py"
    text = checks.read_text()
    first = next(line for line in text.splitlines() if line.startswith("def test_"))
    words = "    import os\n    if student.mean_square(np.zeros(2)) == -7:\n        os._exit(9)\n"
    head, _, rest = text.partition(first)
    docstring, _, body = rest.partition('"""\n')[0], "", rest.partition('"""\n')[2]
    checks.write_text(f'import numpy as np\n{head}{first}{docstring}"""\n{words}{body}')
    return made


def test_k8_a_notebook_that_ends_its_grader_each_time_costs_nobody_else(deadly, hand_in, skeleton, solved, out):
    kills = [
        (k, n, "def mean_square(x):\n    return -7" if n == "q1-solution" else s) for k, n, s in solved_cells(skeleton)
    ]
    for i in range(5):
        hand_in(f"s{i}", notebook_text(kills) if i == 1 else solved)
    submissions = tuple(find_submissions(hand_in.root, ("a9_test",)))
    results = grade(GradingPlan(deadly, ("a9_test",), submissions, out, tier="B", jobs=2))
    assert {r.student: r.status for r in results} == {f"s{i}": "error" if i == 1 else "graded" for i in range(5)}
    assert all(r.score == 10 for r in results if r.status == "graded")
    assert "expected its process to live" in results[1].flags[0].data[0]


def test_grader_processes_that_end_before_they_have_a_submission_stop_the_run(deadly, three, hand_in, out):
    checks = deadly.solutions / "a9_test" / "hidden_checks.py"
    text = checks.read_text()
    checks.write_text(f"import multiprocessing, os\nif multiprocessing.parent_process(): os._exit(3)\n{text}")
    submissions = tuple(find_submissions(hand_in.root, ("a9_test",)))
    with pytest.raises(SandboxError, match="expected its processes to live"):
        grade(GradingPlan(deadly, ("a9_test",), submissions, out, tier="B", jobs=2))


# The command


def test_the_command_names_it_says_why_and_ends_with_1(course, three, hand_in, out):
    """Whatever it is: the folder of results and the class page are as useful as before."""
    place = hand_in.root / "bob" / "a9_test" / "a9_test.ipynb"
    code = (
        "import os, sys\nreal = os.open\n"
        f"def refuse(path, *r, **o):\n    if os.fspath(path) == {str(place)!r}: raise OSError(5, 'Input/output error')\n"
        "    return real(path, *r, **o)\nos.open = refuse\n"
        "from autograder.cli.main import main\nmain()"
    )
    words = ["grade", hand_in.root, "--course", course.root, "--out", out, "--tier", "B", "--jobs", "1"]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, cwd="/", check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "3 submissions: 1 error, 2 graded" in done.stdout
    assert (
        "a9_test, bob: error: could not be graded: notebook: expected a regular file, got Input/output error"
        in done.stdout
    )
    assert json.loads(result_path(out, "a9_test", "ada").read_bytes())["score"] == 10


HARD = {
    "operators": "_deep = " + "-" * 1500 + "1",
    "many operators": "_deep = " + "-" * 150_000 + "1",
    "brackets": "_deep = " + "(" * 20_000 + ")" * 20_000,
    "decorators": "".join(["g = lambda f: f\n", "@g\n" * 10_000, "def h(): pass"]),
    "attributes": "_deep = h" + ".a" * 50_000,
    "a long line": "_deep = '" + " " * 199_000 + "'",
}


@pytest.mark.parametrize("name", HARD)
def test_k8_text_that_is_hard_to_parse_costs_its_own_cell_alone(run, hand_in, skeleton, solved, name):
    hand_in("ada", notebook_text([*solved_cells(skeleton), ("code", "mine", HARD[name])]))
    hand_in("bob", solved)
    assert statuses(run()) == {"ada": ("graded", 10), "bob": ("graded", 10)}


def test_a_shown_error_says_that_nothing_is_lost_and_shows_the_points_before(
    course, run, three, fails, hand_in, starter, out
):
    run()
    hand_in("bob", starter)
    fails(RecursionError())
    write_reports(course, list(run().values()), out.parent / "pages")
    pages = {p.name: p.read_text() for p in (out.parent / "pages").rglob("*.html")}
    page = next(text for text in pages.values() if "Feedback for <b>bob" in text)
    assert "the fault is ours. Nothing is lost" in page
    assert "your result before counts" in page
    assert "RecursionError" not in page
    assert any("Could not be graded" in text for text in pages.values())


def test_results_that_kept_their_points_are_published_and_exported_and_others_leave_the_gradebook_as_it_is(
    course, run, three, fails, hand_in, starter, out, tmp_path
):
    run()
    hand_in("bob", starter)
    hand_in("dan", starter)
    fails(RecursionError())
    assert run()["bob"].score == 10
    published = publish(course, out, tmp_path / "feedback", None)
    assert published.refused == ()
    assert "the fault is ours" in next((tmp_path / "feedback").rglob("bob*.md")).read_text()
    kept, lost = Result.from_json(result_path(out, "a9_test", "bob").read_bytes()), nothing("eve", status="error")
    (first,), (second,) = marks_of([kept], MarkingRules()), marks_of([lost], MarkingRules())
    assert (score_text(first), score_text(second)) == ("10", "")
