"""One named slip costs the core check of its question and nothing else; and no trick earns a point by it."""

import pytest
from patience import PATIENT, within

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text
from autograder.authoring.seeds import seeds_from
from autograder.intake.submissions import Submission
from autograder.interop import hidden
from autograder.judging.submission import grade_submission

NOTEBOOK = """# %% role="setup"
import numpy as np

# %% q="q1" role="solution"
def mean(x):
    # BEGIN SOLUTION
    return np.sum(x, axis=0) / len(x)
    # END SOLUTION

def spread(x):
    # BEGIN SOLUTION
    return np.max(x) - np.min(x)
    # END SOLUTION

# %% q="q2" role="solution"
def centred(x):
    # BEGIN SOLUTION
    return x - mean(x)
    # END SOLUTION

# %% q="q3" role="solution"
def small(x):
    # BEGIN SOLUTION
    return mean(x) / 10
    # END SOLUTION

# %% q="q4" role="solution"
def twice(x):
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION
"""
CHECKS = '''import numpy as np

from autograder.authoring import Slip, assert_array, assert_number, assert_unchanged, check, slips
from autograder.authoring.failing import PartOfThePoints


@slips("q4", probe=lambda student, reference, rng: student.twice(rng.uniform(1.0, 2.0, 5)))
def twice_slips(reference):
    yield Slip("thrice", "twice", lambda x: 3 * x, "scale", "three times.")


@check("q4", points=2, core=True)
def test_twice(student, rng):
    """Twice, or in part"""
    x = rng.uniform(1.0, 2.0, 4)
    if np.allclose(student.twice(x), 3 * x):
        raise PartOfThePoints(0.5)
    assert_array(student.twice(x), 2 * x)


@slips("q3", probe=lambda student, reference, rng: student.small(rng.uniform(1.0, 2.0, (5, 3))))
def small_slips(reference):
    yield Slip("summed", "small", lambda x: len(x) * reference.small(x), "scale", "1/N is missing.")


@check("q3", points=2, core=True)
def test_small(student, reference, rng):
    """A tenth of the mean"""
    x = rng.uniform(1.0, 2.0, (4, 2))
    assert_array(student.small(x), reference.small(x), name="small")


@check("q3", points=1)
def test_two(student, reference, rng):
    """Of two rows"""
    x = rng.uniform(1.0, 2.0, (2, 2))
    assert_array(student.small(x), reference.small(x), name="small")


def _ask_mean(student, reference, rng):
    return student.mean(rng.uniform(1.0, 2.0, (5, 3)))


@slips("q1", probe=_ask_mean)
def mean_slips(reference):
    yield Slip("no_mean", "mean", lambda x: np.sum(x, axis=0), "scale", "the division by N is missing.")
    yield Slip("sign", "mean", lambda x: -reference.mean(x), "sign", "the sign is turned.")


@slips("q1", probe=lambda student, reference, rng: student.spread(rng.uniform(1.0, 2.0, 5)))
def spread_slips(reference):
    yield Slip("largest", "spread", lambda x: np.max(x), "missing", "the smallest entry is not taken off.")


@check("q1", points=4, core="mean")
def test_value(student, reference, rng):
    """Means"""
    x = rng.uniform(1.0, 2.0, (4, 2))
    assert_array(student.mean(x), reference.mean(x), name="mean")


@check("q1", points=4, core="spread")
def test_spread(student, reference, rng):
    """Spreads"""
    x = rng.uniform(1.0, 2.0, 6)
    assert_number(student.spread(x), reference.spread(x), name="spread")


@check("q1", points=1)
def test_large(student, reference, rng):
    """Large numbers"""
    x = 1e200 * rng.uniform(1.0, 2.0, (4, 2))
    assert_array(student.mean(x), reference.mean(x), name="mean of large numbers")


@check("q1", points=2)
def test_pure(student, reference, rng):
    """The argument stays as it is"""
    x = rng.uniform(1.0, 2.0, (4, 2))
    kept = student.keep(x.copy())
    got = student.mean(kept)
    assert_unchanged(student.fetch(kept), x, name="x")
    assert_array(got, reference.mean(x), name="mean")


@check("q1", points=3)
def test_both(student, reference, rng):
    """Both functions"""
    x = rng.uniform(1.0, 2.0, (4, 1))
    assert_array(student.mean(x) + student.spread(x), reference.mean(x) + reference.spread(x), name="sum")


@check("q2", points=5)
def test_centred(student, rng):
    """Centred"""
    x = rng.uniform(1.0, 2.0, (4, 2))
    assert_array(student.centred(x), x - np.mean(x, axis=0), name="centred")
'''
TOML = """title = "Slips"
[[questions]]
id = "q1"
title = "mean, spread"
points = 14
[[questions]]
id = "q2"
title = "centred"
points = 5
[[questions]]
id = "q3"
title = "small"
points = 3
[[questions]]
id = "q4"
title = "twice"
points = 2
"""
SPREAD = "def spread(x):\n    return np.max(x) - np.min(x)\n"
MEAN = "def mean(x):\n    return np.sum(x, axis=0) / len(x)\n"
CENTRED = "def centred(x):\n    return x - mean(x)\n"
SMALL = "def small(x):\n    return mean(x) / 10\n"
NO_MEAN = "def mean(x):\n    return np.sum(x, axis=0)\n"
LARGEST = "def spread(x):\n    return np.max(x)\n"


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    root = tmp_path_factory.mktemp("slips")
    (root / "course.toml").write_text('title = "Slips"\n')
    folder = root / "solutions" / "a8_slips"
    folder.mkdir(parents=True)
    for name, text in (("notebook.py", NOTEBOOK), ("hidden_checks.py", CHECKS), ("assignment.toml", TOML)):
        (folder / name).write_text(text)
    return within(load_assignment(folder), **PATIENT)


@pytest.fixture
def graded(assignment, sandboxes, tmp_path):
    """graded(code, …): {check: points} of a notebook with these cells, and the whole result."""

    def of(*cells):
        path = tmp_path / "a8_slips.ipynb"
        sources = ("import numpy as np", *cells)
        path.write_text(notebook_text([("code", f"own-{i}", source) for i, source in enumerate(sources)]))
        zygote = sandboxes.open({assignment.name: assignment.handouts})
        result = grade_submission(Submission("mallory", assignment.name, path), assignment, zygote, seeds_from(b"s"))
        put = {
            c.id.partition(".")[2]: c
            for c in result.checks
            if c.outcome != "missing" or not c.id.startswith(("q3", "q4"))
        }
        return {name: c.points for name, c in put.items()}, put

    return of


def test_a_slip_costs_its_core_check_and_nothing_else(graded):
    points, checks = graded(NO_MEAN, SPREAD, CENTRED)
    assert points == {"value": 0, "spread": 4, "large": 1, "pure": 2, "both": 3, "centred": 0}
    assert (checks["value"].message, checks["value"].diagnosis) == ("the division by N is missing.", "scale")
    assert checks["value"].slip == checks["pure"].slip == "no_mean"
    assert checks["pure"].message == "Right apart from the mistake that q1.value names."
    assert checks["centred"].carried == 5  # the later question is right with a right mean


def test_a_right_notebook_names_no_slip(graded):
    points, checks = graded(MEAN, SPREAD, CENTRED)
    assert sum(points.values()) == 19
    assert {c.slip for c in checks.values()} == {""}


def test_a_second_fault_keeps_costing_what_it_costs(graded):
    overwrites = "def mean(x):\n    x += 1.0\n    return np.sum(x - 1.0, axis=0)\n"
    points, _ = graded(overwrites, SPREAD, CENTRED)
    assert (points["value"], points["large"], points["pure"]) == (0, 1, 0)


def test_slips_of_two_functions_cost_two_core_checks(graded):
    points, checks = graded(NO_MEAN, LARGEST, CENTRED)
    assert points == {"value": 0, "spread": 0, "large": 1, "pure": 2, "both": 3, "centred": 0}
    assert (checks["value"].slip, checks["spread"].slip) == ("no_mean", "largest")


def test_a_slip_of_one_function_forgives_nothing_of_the_other(graded):
    points, checks = graded(NO_MEAN, "def spread(x):\n    return 3.0 * np.max(x)\n", CENTRED)
    assert points == {"value": 0, "spread": 0, "large": 1, "pure": 2, "both": 0, "centred": 0}
    assert checks["spread"].slip == ""


def test_a_slip_that_an_earlier_question_causes_is_not_named(graded):
    """`small` calls `mean`. With a mean that is a sum, its answer is that of a slip of its own."""
    points, checks = graded(NO_MEAN, SPREAD, CENTRED, SMALL)
    assert (checks["small"].outcome, checks["small"].blocked_by, checks["small"].carried) == ("blocked", "q1", 2)
    assert points["two"] == 1  # as in one process, which looks for no causes
    assert {checks[name].slip for name in ("small", "two")} == {""}
    assert checks["two"].message == ""


def test_a_slip_takes_no_points_that_its_core_check_gives_in_part(graded, assignment):
    points, checks = graded(MEAN, SPREAD, CENTRED, "def twice(x):\n    return 3 * x\n")
    assert (points["twice"], checks["twice"].slip) == (0.5, "")
    core = next(c for c in assignment.checks if c.id == "q4.twice")
    assert not hidden._fails(core, assignment.reference, {"twice": lambda x: 3 * x})
    assert hidden._fails(core, assignment.reference, {"twice": lambda x: 4 * x})


# --- Tricks ---------------------------------------------------------------------------------------

_RIGHT, _SLIP = "np.sum(x, axis=0) / len(x)", "np.sum(x, axis=0)"
NO_GAIN = {
    "nothing": "def mean(x):\n    pass\n",
    "zeros": "def mean(x):\n    return 0 * x[0]\n",
    "the argument": "def mean(x):\n    return x\n",
    "no slip": "def mean(x):\n    return 7 * np.sum(x, axis=0)\n",
    "the slip on the probe only": f"def mean(x):\n    return {_SLIP} if x.shape == (5, 3) else 7 * x[0]\n",
    "an end on the probe": f"def mean(x):\n    if x.shape == (5, 3): raise SystemExit\n    return 2 * {_RIGHT}\n",
    "the slip nearly": f"def mean(x):\n    return {_SLIP} * (1 + 1e-3)\n",
}


@pytest.mark.parametrize("trick", NO_GAIN)
def test_a_function_that_is_not_a_slip_gets_nothing(graded, trick):
    points, _ = graded(NO_GAIN[trick], SPREAD, CENTRED)
    assert [points[name] for name in ("value", "large", "pure", "both")] == [0, 0, 0, 0]


TWO_FACED = {
    "right in the core check, the slip elsewhere": f"def mean(x):\n    return {_RIGHT} if x[0, 0] < 9 and x.shape == (4, 2) else {_SLIP}\n",
    "the slip on the probe, right elsewhere": f"def mean(x):\n    return {_SLIP} if x.shape == (5, 3) else {_RIGHT}\n",
    "by turns": f"calls = []\ndef mean(x):\n    calls.append(0)\n    return {_SLIP} if len(calls) % 2 else {_RIGHT}\n",
    "another slip each time": f"calls = []\ndef mean(x):\n    calls.append(0)\n    return {_SLIP} if len(calls) % 2 else -{_RIGHT}\n",
}


@pytest.mark.parametrize("trick", TWO_FACED)
def test_a_function_with_two_faces_gets_no_more_than_the_better_of_its_faces(graded, trick):
    """Without the slip: 10 points of the four checks. With it on: 6, because the core check is lost."""
    points, checks = graded(TWO_FACED[trick], SPREAD, CENTRED)
    if points["value"]:
        assert {checks[name].slip for name in checks} == {""}  # what passes, passes with the reference
    else:
        assert points["large"] + points["pure"] + points["both"] <= 6


# --- In one process -------------------------------------------------------------------------------

CASES = {
    "right": (MEAN, SPREAD),
    "a slip": (NO_MEAN, SPREAD),
    "two slips": (NO_MEAN, LARGEST),
    "a slip and a fault": (NO_MEAN, "def spread(x):\n    return 3.0 * np.max(x)\n"),
    "an argument": ("def mean(x):\n    return x\n", SPREAD),
    "none": ("def mean(x):\n    raise NotImplementedError\n", SPREAD),
}


@pytest.mark.parametrize("case", CASES)
def test_nbgrader_and_otter_give_the_same_points(graded, assignment, monkeypatch, case):
    cells = (*CASES[case], CENTRED)
    points, _ = graded(*cells)
    monkeypatch.chdir(assignment.folder.parent.parent)
    hidden._loaded.cache_clear()
    names = {}
    exec("\n".join(("import numpy as np", *cells)), names)
    passed = {}
    for check in (c for c in assignment.checks if c.question == "q1"):
        try:
            hidden.run_hidden_check(assignment.name, check.id, names)
        except Exception:  # noqa: BLE001 — a check that says no
            passed[check.id.partition(".")[2]] = 0
        else:
            passed[check.id.partition(".")[2]] = check.points
    assert passed == {name: points[name] for name in passed}
    hidden._loaded.cache_clear()
