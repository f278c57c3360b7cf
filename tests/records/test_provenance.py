"""What a result says of where it came from, and of what decided it."""

import json
import platform
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import numpy as np
import pytest
from result_builders import collected, trust_of

import autograder
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.received import Trust
from autograder.intake.submissions import find_submissions
from autograder.records import provenance as stage
from autograder.records.provenance import Provenance, installed_versions, provenance
from autograder.secret import course_secret

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def secret(course):
    return course_secret(course)


@pytest.fixture
def notebook(hand_in):
    return hand_in("ada", "any text")


@pytest.fixture
def commit(hand_in, secret):
    """The commit that counts for the one submission."""

    def of():
        (submission,) = find_submissions(hand_in.root, ["a9_test"], trust=Trust(secret))
        return submission.commit

    return of


def test_a_result_names_its_commit_and_versions_and_the_same_bytes_come_twice(course, hand_in, solved, tmp_path):
    collected(hand_in("ada", solved), course_secret(course), commit=COMMIT)
    hand_in("bob", solved)
    (hand_in.root / "cy").mkdir()

    def run(out, everything=False):
        found = tuple(find_submissions(hand_in.root, ("a9_test",), trust=trust_of(course)))
        results = grade(GradingPlan(course, ("a9_test",), found, tmp_path / out, tier="B", everything=everything))
        return results, [(tmp_path / out / f"a9_test/{name}.json").read_bytes() for name in ("ada", "bob", "cy")]

    (ada, bob, cy), first = run("one")
    assert (ada.provenance.commit, bob.provenance.commit, cy.provenance.commit) == (COMMIT, "", "")
    assert ada.provenance.autograder == autograder.__version__
    assert ada.provenance.python == platform.python_version()
    assert ada.provenance.numpy == np.__version__
    assert len({r.provenance.lock_sha256 for r in (ada, bob, cy)}) == 1
    assert run("one", everything=True)[1] == run("two")[1] == first


def test_another_commit_or_another_version_is_graded_again(course, hand_in, solved, tmp_path, monkeypatch):
    graded = []
    secret = course_secret(course)
    notebook = collected(hand_in("ada", solved), secret, commit=COMMIT)

    def run():
        submissions = tuple(find_submissions(hand_in.root, ("a9_test",), trust=trust_of(course)))
        grade(GradingPlan(course, ("a9_test",), submissions, tmp_path / "out", tier="B"))

    run()

    def nothing(plan, todo, *_):
        graded.append(len(todo))
        yield from ()

    monkeypatch.setattr("autograder.grading.grade_class.graded_here", nothing)
    run()
    collected(notebook, secret, commit="f" * 40)
    run()
    collected(notebook, secret, commit=COMMIT)
    run()
    there = provenance()
    monkeypatch.setattr(stage, "_here", lambda: there.model_copy(update={"numpy": "1.0"}))
    run()
    assert graded == [1, 1]  # for another commit, and for another version; else nobody is asked


@pytest.mark.parametrize("commit_id", ["main", COMMIT[:-1], COMMIT.upper(), f"{COMMIT}\n", 7])
def test_what_is_no_commit_is_not_recorded(notebook, commit, secret, commit_id):
    record = collected(notebook, secret, commit=COMMIT).with_name("received.json")
    assert commit() == COMMIT
    record.write_text(json.dumps(json.loads(record.read_text()) | {"commit": commit_id}))
    assert commit() == ""


def test_the_record_of_another_notebook_tells_nothing(notebook, commit, secret):
    collected(notebook, secret, commit=COMMIT)
    notebook.write_text("put there by hand")
    assert commit() == ""


def test_a_record_that_is_a_link_too_long_or_no_json_is_none(notebook, commit, secret):
    record = collected(notebook, secret, commit=COMMIT).with_name("received.json")
    text = record.read_text()
    for other in ("", "null", "[" * 100_000, text + " " * (1 << 16)):
        record.write_text(other)
        assert commit() == ""
    record.rename(record.with_name("elsewhere.json")).write_text(text)
    record.symlink_to("elsewhere.json")
    assert commit() == ""
    record.unlink()
    assert commit() == ""


def test_versions_are_those_of_the_distributions_that_are_imported(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, name in (
        (first, "numpy-2.4.1"),
        (second, "numpy-1.0"),
        (second, "Jupyter_Client.x-8.0"),
        (second, "n"),
    ):
        (folder / f"{name}.dist-info").mkdir(parents=True)
    gone = tmp_path / "gone"
    assert installed_versions([str(first), str(gone), str(second)]) == ["jupyter-client-x==8.0", "numpy==2.4.1"]


def test_it_is_worked_out_once_a_process_and_costs_less_than_grading_one_notebook():
    """0.6 ms for 174 distributions where it was measured; 50 ms leaves room for a busy machine."""
    stage._here.cache_clear()
    begun = time.process_time()
    first = provenance()
    assert time.process_time() - begun < 0.05
    assert stage._here() is stage._here()
    assert provenance(COMMIT) == first.model_copy(update={"commit": COMMIT})
    Provenance.model_validate(provenance(COMMIT).model_dump())


def test_a_new_version_of_what_only_the_portal_imports_leaves_the_results_as_they_are(monkeypatch):
    def versions(**changed):
        installed = {"numpy": "2.4.1", "starlette": "1.0", "uvicorn": "0.40"} | changed
        monkeypatch.setattr(stage, "installed_versions", lambda _: [f"{k}=={v}" for k, v in installed.items()])
        stage._here.cache_clear()
        return provenance().lock_sha256

    assert versions() == versions(starlette="1.1", uvicorn="0.54")
    assert versions() != versions(numpy="2.4.2")
    stage._here.cache_clear()


def test_a_grader_imports_nothing_that_is_left_out(tmp_path):
    """Each name that is left out is asked for: a grader that has graded has no module of its distribution."""
    code = f"""
import sys
from autograder.scaffold import new
from autograder.course import open_course
from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells
from autograder.grading.grader import Grader
from autograder.intake.submissions import Submission
from pathlib import Path
root = Path({str(tmp_path)!r})
(root / "course.toml").write_text('title = "Test"')
suite = load_assignment(new(open_course(root), "a9_test"))
(root / "a9_test.ipynb").write_text(notebook_text(solved_cells(suite)))
grader = Grader({{"a9_test": suite}}, b"secret", "B")
assert grader.grade(Submission("ada", "a9_test", root / "a9_test.ipynb")).score == 10
grader.close()
print(*sorted({{name.partition(".")[0] for name in sys.modules}}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = {"python-multipart": {"multipart", "python_multipart"}}
    left_out = set().union(*(modules.get(name, {name}) for name in stage.NEVER_GRADES))
    assert {"numpy", "autograder"} <= set(done.stdout.split())
    assert left_out & set(done.stdout.split()) == set()


def test_every_distribution_that_only_the_portal_brings_is_left_out():
    """Those that requirements.lock has for the portal, and for nothing that a grader needs."""
    root = Path(__file__).parents[2]
    lock, portal = (root / "requirements.lock").read_text(), tomllib.loads((root / "pyproject.toml").read_text())
    named = {re.split("[>=<]", each)[0] for each in portal["project"]["optional-dependencies"]["portal"]}
    assert named <= stage.NEVER_GRADES
    brought = re.findall(r"^([a-z0-9-]+)==.*\n(?: +--hash.*\n)+ +# via (\S+)$", lock, re.MULTILINE)
    assert {name for name, by in brought if by in named} <= stage.NEVER_GRADES
