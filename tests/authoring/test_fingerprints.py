"""Of two versions of an author's files: which checks are other ones?"""

import shutil

import pytest

from autograder.assignment.assignment import load_assignment
from autograder.assignment.released import load_released
from autograder.authoring.dependencies import Module
from autograder.authoring.fingerprints import REST, asked_for, fingerprints, handed_over
from autograder.course import bundled_course

BASE = '''
import numpy as np
from autograder.authoring import check

SIZES = ((1, 2), (3, 4))
UNUSED = 7
SEEN = {}


def _size(i):
    return SIZES[i]


def _draw(rng, i):
    """Numbers."""
    return rng.normal(size=_size(i))


@check("q1", points=2)
def test_a(student, rng):
    """The title"""
    assert student.f(_draw(rng, 0)) == 1


@check("q1", points=1)
def test_b(student):
    assert student.f(np.ones(3)) == 1
'''


def changed(old, new, base=BASE):
    """Which of test_a and test_b depend on other text once `old` is replaced by `new`."""
    assert old in base
    before, after = Module(base), Module(base.replace(old, new))
    return "".join(t for t in "ab" if before.closure(f"test_{t}") != after.closure(f"test_{t}"))


@pytest.mark.parametrize(
    ("old", "new", "which"),
    [
        ('"""The title"""', '"""Another title"""', ""),
        ('"""Numbers."""', "# numbers", ""),
        ("points=2", "points=3", ""),
        ("UNUSED = 7", "UNUSED = 8", ""),
        ("    assert", "    # why\n    assert", ""),
        ("_draw(rng, 0)", "_draw(rng, 1)", "a"),
        ("np.ones(3)", "np.ones(4)", "b"),
        ("(3, 4)", "(3, 5)", "a"),
        ("SIZES[i]", "SIZES[-i]", "a"),
        ("points=1", 'points=1, needs="q2"', "b"),
        ('@check("q1", points=2)', '@check("q2", points=2)', "a"),
        ("import numpy as np", "import numpy as np, math as _draw", "ab"),
    ],
)
def test_a_check_depends_on_what_its_function_mentions_and_what_that_does(old, new, which):
    assert changed(old, new) == which


@pytest.mark.parametrize(
    "more",
    [
        "np.seterr(all='raise')\n",
        "for i in range(3):\n    print(i)\n",
        "SEEN['x'] = 1\n",
        "from math import *\n",
        "def _other():\n    return np.random.normal()\n",
        "def _other():\n    return globals()['SIZES']\n",
    ],
    ids=["a call", "a loop", "a store", "a star", "the global generator", "names by text"],
)
def test_what_may_concern_every_check_does(more):
    assert changed("UNUSED = 7\n", f"UNUSED = 7\n{more}") == "ab"


@pytest.mark.parametrize(
    "state",
    [
        "STATE = []\ndef _use(): return STATE",
        "class STATE:\n    n = 0\ndef _use(): return STATE.n",
        "def _use(seen=[]): return seen",
        "@functools.cache\ndef _use(): return 1",
        "N = 0\ndef _use():\n    global N\n    N += 1",
        "def _use():\n    _use.calls = 1",
    ],
    ids=["a list", "a class", "a default", "a cache", "a global", "an attribute"],
)
def test_checks_that_may_share_a_state_depend_on_each_other(state):
    base = f"{state}\n{BASE}"
    for mark in ("(student, rng)", "(student)"):
        base = base.replace(f"{mark}:\n", f"{mark}:\n    _use()\n")
    assert changed("np.ones(3)", "np.ones(4)", base) == "ab"


def test_a_function_that_is_not_there_or_is_there_twice_depends_on_everything():
    twice = f"{BASE}\ntest_b = test_a\n"
    assert len(Module(BASE).closure("test_c")) == len(Module(BASE).closure("test_a")) + 4
    assert changed("UNUSED = 7", "UNUSED = 8", twice) == "b"


@pytest.fixture
def edit(skeleton, tmp_path):
    """edit(file, old, new) gives the names of the fingerprints that are other ones then."""
    folder = tmp_path / "a9_test"
    shutil.copytree(skeleton.folder, folder)
    before = load_assignment(folder).fingerprints

    def of(file, old, new):
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new))
        after = load_assignment(folder).fingerprints
        assert before.keys() == after.keys()
        return {name for name in before if before[name] != after[name]}

    return of


@pytest.mark.parametrize(
    ("file", "old", "new", "which"),
    [
        ("assignment.toml", "Square first", "First square", set()),
        ("assignment.toml", 'title = "mean_square"', 'title = "another"', set()),
        ("notebook.py", "One function, two", "A function and two", set()),
        ("hidden_checks.py", "Right for any vector", "For any vector", set()),
        ("hidden_checks.py", "(1, 2, 7)", "(1, 2, 8)", {"q1.value"}),
        ("hidden_checks.py", "size=4", "size=5", {"q1.pure"}),
        ("assignment.toml", "call_seconds = 2", "call_seconds = 3", {REST}),
        ("notebook.py", "np.mean(np.square(x))", "np.mean(x * x)", {REST}),
        ("notebook.py", "- 12.5) < 1e-9", "- 12.5) < 1e-8", {REST}),
    ],
)
def test_only_what_decides_a_verdict_changes_a_fingerprint(edit, file, old, new, which):
    assert edit(file, old, new) == which


def test_a_concept_answer_has_a_fingerprint_of_its_own(tmp_path):
    folder = tmp_path / "a2_mlp_backprop"
    shutil.copytree(bundled_course().solutions / folder.name, folder)
    before = load_assignment(folder).fingerprints
    text = (folder / "assignment.toml").read_text()
    (folder / "assignment.toml").write_text(text.replace('c2 = "b"', 'c2 = "a"'))
    after = load_assignment(folder).fingerprints
    assert [name for name in before if before[name] != after[name]] == ["q10.c2"]


def test_files_that_changed_since_they_were_loaded_have_no_fingerprints(skeleton, tmp_path):
    shutil.copytree(skeleton.folder, tmp_path / "a9_test")
    loaded = load_assignment(tmp_path / "a9_test")
    checks = tmp_path / "a9_test" / "hidden_checks.py"
    checks.write_text(checks.read_text() + "\n")
    assert loaded.fingerprints == {}


def test_a_released_assignment_has_none():
    assert fingerprints(load_released(bundled_course().assignments / "a2_mlp_backprop")) == {}


def test_names_that_checks_ask_for_and_methods_that_they_hand_over(skeleton):
    assert {"mean_square", "keep", "fetch"} <= asked_for(skeleton)
    assert handed_over(skeleton) == frozenset()
    assert handed_over(load_assignment(bundled_course().solutions / "a3_forward_vs_reverse")) == {"jvp", "vjp"}
