"""What the grader computes itself for one submission has an end."""

import signal
import subprocess
import sys
import threading

import pytest
from patience import be_patient

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells
from autograder.course import open_course
from autograder.errors import OverdueError
from autograder.grading import grader as stage
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.grading.watchdog import bounded
from autograder.intake.submissions import find_submissions


def test_a_loop_of_ours_is_ended_and_the_signal_is_pythons_again():
    before = signal.getsignal(signal.SIGPROF)
    with pytest.raises(OverdueError), bounded(0.2, deadly=False):
        while True:
            pass
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)


def test_a_block_that_ends_in_time_leaves_no_timer():
    with bounded(60, deadly=True):
        pass
    assert signal.getitimer(signal.ITIMER_PROF) == signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)


def test_code_in_c_that_sees_no_signal_ends_the_process_of_a_pool():
    code = "from autograder.grading.watchdog import bounded\nwith bounded(0.2, deadly=True): sum(range(10**14))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGVTALRM


def test_outside_the_main_thread_nothing_is_bounded():
    results = []

    def work():
        with bounded(0.01, deadly=True):
            results.append(sum(range(10**6)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert results == [499999500000]


NOTEBOOK = """# %% q="q1" role="solution"
def rows():
    # BEGIN SOLUTION
    return 3
    # END SOLUTION


# %% q="q2" role="solution"
def answer():
    # BEGIN SOLUTION
    return 42
    # END SOLUTION
"""
CHECKS = """from autograder.authoring import assert_number, check


@check("q1", points=1)
def test_q1_counts(student):
    \"\"\"counts\"\"\"
    assert sum(1 for _ in range(student.rows())) == 3


@check("q2", points=1)
def test_q2_answer(student):
    \"\"\"answer\"\"\"
    assert_number(student.answer(), 42)
"""
QUESTION = '[[questions]]\nid = "q{0}"\ntitle = "q{0}"\npoints = 1\n'


def test_an_answer_that_keeps_a_check_busy_costs_this_check_and_nobody_else(tmp_path, monkeypatch):
    folder = tmp_path / "solutions" / "slow"
    folder.mkdir(parents=True)
    (tmp_path / "course.toml").write_text('title = "Slow"\n')
    (folder / "notebook.py").write_text(NOTEBOOK)
    (folder / "hidden_checks.py").write_text(CHECKS)
    (folder / "assignment.toml").write_text(QUESTION.format(1) + QUESTION.format(2))
    be_patient(folder)
    suite = load_assignment(folder)
    right = solved_cells(suite)
    for student, rows in (("ann", "return 3"), ("bob", "return 10**15"), ("cat", "return 3")):
        place = tmp_path / "work" / "submitted" / student / "slow" / "slow.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(notebook_text([(k, n, text.replace("return 3", rows)) for k, n, text in right]))
    monkeypatch.setattr(stage, "OWN_SECONDS", 0.5 - suite.settings.limits.submission_seconds)
    monkeypatch.setattr("autograder.grading.watchdog.AGAIN", 0.5)
    submissions = tuple(find_submissions(tmp_path / "work" / "submitted", ("slow",)))
    plan = GradingPlan(open_course(tmp_path), ("slow",), submissions, tmp_path / "out")
    outcomes = {r.student: [(c.id, c.outcome) for c in r.checks] for r in grade(plan)}
    passed = [("q1.counts", "pass"), ("q2.answer", "pass")]
    assert outcomes == {"ann": passed, "bob": [("q1.counts", "timeout"), ("q2.answer", "pass")], "cat": passed}
