"""Hostile notebooks get no points that they did not earn, and learn no expected output."""

import io
import json
import zipfile

import pytest
from otter_courses.cases import graded
from otter_courses.more_cases import CHECK, GRADER, X4, Case, hidden, ok, write

from autograder.otter_courses.otter_files import ClassFolder
from autograder.otter_courses.otter_settings import settings_of

# The stand-in's way to the grader, as a notebook finds it in its own process.
DESK = "import gc\ndesk = next(o for o in gc.get_objects() if type(o).__name__ == 'Desk')\nask = desk.ask\n"
STUB = "import sys\nstub = sys.modules[type(desk).__module__]\n"


def scores(case, zygote, tmp_path, **limits):
    result, written = graded(*write(case, tmp_path), zygote, **limits)
    return result, written, result.scores


def test_no_expected_output_is_in_the_students_process(warm, tmp_path):
    """The notebook looks through every object that the garbage collector knows, after it has asked for all it can get."""
    looks = (
        f"{DESK}n = ask('begin', './tests/q1.py')[0]\nasked = [ask('case', n, 0), ask('case', n, 1), ask('answers', n, 0, []), ask('end', n)]\n"
        "part = '-of-the-teacher'\nneedle = 'answer' + part\ntext = repr(asked)\n"
        "for o in gc.get_objects():\n    if isinstance(o, (list, tuple, dict, set)):\n"
        "        text += ' '.join(s for s in (o.values() if isinstance(o, dict) else o) if isinstance(s, str) and s is not needle)\n"
        "seen = text.count(needle)"
    )
    case = Case(
        {
            "q1": ok(">>> f()\n'answer-of-the-teacher'", hidden(">>> g()\n'answer-of-the-teacher'")),
            "q2": ok(">>> seen\n0", name="q2"),
        },
        (GRADER, CHECK, looks),
    )
    assert scores(case, warm, tmp_path)[2] == {"q1": 0, "q2": 1}


def test_no_source_is_in_the_folder_before_its_test_runs(warm, tmp_path):
    read = "import glob\nseen = ''.join(open(p).read() for p in glob.glob('**', recursive=True) if p.endswith('.py'))"
    case = Case({"q1": ok(">>> hidden_source\n1"), "q2": ok(">>> seen\n''", name="q2")}, (read,))
    assert scores(case, warm, tmp_path)[2]["q2"] == 1


LIES = {
    "answers True to everything": f"{DESK}{STUB}stub.run_examples = lambda sources, names: [[False, 'True\\n'] for _ in sources]",
    "reports no examples": f"{DESK}{STUB}stub.run_examples = lambda sources, names: []",
    "a checker that is content": "import doctest\ndoctest.OutputChecker.check_output = lambda *a: True",
    "a runner without failures": "import doctest\ndoctest.DocTestRunner.run = lambda *a, **k: doctest.TestResults(0, 1)",
    "ends all runs itself": f"{DESK}{STUB}ask('end', ask('begin', './tests/q1.py')[0])\nstub.run_test = lambda *a: None",
    "says that it passed": f"{DESK}n = ask('begin', './tests/q1.py')[0]\ntry:\n    ask('verdicts', n, [[True, '']] * 2)\nfinally:\n    ask('end', n)",
    "its own test file": "open('mine.py', 'w').write(\"OK_FORMAT = True\\ntest = {'name': 'q1', 'points': 90, 'suites': [{'cases': []}]}\")\n"
    "import otter\notter.Notebook().check('../mine')",
    "overwrites the test file": "open('tests/q1.py', 'w').write(\"OK_FORMAT = True\\ntest = {'name': 'q1', 'points': 90, 'suites': [{'cases': []}]}\")\n"
    "import otter\notter.Notebook().check('q1')",
    "its own otter": "import sys, types\nm = types.ModuleType('otter')\nclass N:\n    def check(self, *a): return 'passed'\nm.Notebook = N\nsys.modules['otter'] = m\nnotebook_AUTOGR = N",
    "an equal of everything": "class A:\n    def __eq__(self, o): return True\n    def __repr__(self): return '4'\nx = A()\ndel A",
}  # fmt: skip


@pytest.mark.parametrize("name", [n for n in LIES if n != "an equal of everything"])
def test_a_lie_earns_no_points_where_a_value_is_asked_for(name, warm, tmp_path):
    case = Case({"q1": ok(">>> secret()\n4417", hidden(">>> secret() + 1\n4418"), points=5)}, (LIES[name], CHECK))
    result, _, points = scores(case, warm, tmp_path)
    assert (result.total, points.get("q1", 0)) == (0, 0)


def test_a_process_that_leaves_a_test_out_does_not_raise_its_share(warm, tmp_path):
    """Otter's score is a share of the points that ran."""
    skips = f"{DESK}{STUB}run = stub.run_test\nstub.run_test = lambda desk, path, names: None if 'q2' in path else run(desk, path, names)"
    case = Case({"q1": X4, "q2": ok(">>> x\n9", name="q2", points=3)}, ("x = 4", skips), {"points_possible": 100})
    _, written, points = scores(case, warm, tmp_path)
    assert points == {"q1": 1, "q2": 0}
    assert written["score"] == 25


def test_a_process_that_ends_keeps_earlier_points_and_fails_the_rest(warm, tmp_path):
    case = Case(
        {"q1": X4, "q2": ok(">>> x\n4", name="q2", points=3)},
        (GRADER, "x = 4", CHECK, "import os; os._exit(0)"),
        {"points_possible": 8},
    )
    result, written, points = scores(case, warm, tmp_path)
    assert (result.status, points, written["score"]) == ("stopped", {"q1": 1, "q2": 0}, 2)


def test_an_endless_cell_costs_itself_only(warm, tmp_path):
    """Otter has no limit: it would wait for ever."""
    case = Case({"q1": X4}, (GRADER, "while True: pass", "x = 4", CHECK))
    result, _, points = scores(case, warm, tmp_path, cell=0.5)
    assert points == {"q1": 1}
    assert "0.5 s" in result.cell_errors[0].error


@pytest.mark.parametrize(
    "cells", [("def f():\n    while True: pass",), (GRADER, "def f():\n    while True: pass", CHECK)]
)
def test_an_endless_function_fails_its_test_and_no_other(cells, warm, tmp_path):
    case = Case({"q1": ok(">>> 1\n1", ">>> f()\n1", points=[1, 4]), "q2": ok(">>> 2\n2", name="q2")}, cells)
    assert scores(case, warm, tmp_path, cell=0.5)[2] == {"q1": 1, "q2": 1}


def test_an_answer_of_any_length_is_bounded(warm, tmp_path):
    case = Case({"q1": ok(">>> print('y' * 50_000_000)\nno"), "q2": ok(">>> 2\n2", name="q2")}, (GRADER, CHECK))
    result, _, points = scores(case, warm, tmp_path)
    assert points == {"q1": 0, "q2": 1}
    assert len(result.to_json()) < 10_000


def test_what_a_process_says_does_not_reach_a_students_page(warm, tmp_path):
    """It can ask for the source of a hidden example at any time, and print it where an answer is due."""
    leak = f"{DESK}source = ask('case', ask('begin', './tests/q1.py')[0], 1)[0]\nraise type(source, (Exception,), {{}})(source)"
    case = Case({"q1": ok(">>> print(source)\n4", hidden(">>> very_hidden(7)\n4"))}, (leak, CHECK))
    result, written, _ = scores(case, warm, tmp_path)
    assert "very_hidden" in result.to_json()
    assert "very_hidden" not in json.dumps([t for t in written["tests"] if t["visibility"] != "hidden"])
    (tmp_path / "out").mkdir()
    folder = ClassFolder(tmp_path / "out", "hw", settings_of({}))
    folder.add(result)
    assert "very_hidden" not in (tmp_path / "out" / "hw" / "feedback.html").read_text()
    assert "very_hidden" in folder.finish([result]).read_text()


def test_a_test_that_runs_inside_can_be_forged_and_is_marked(warm, tmp_path):
    test = "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'q1'\n@test_case()\ndef t(x):\n    assert x == 4\n"
    forges = f"{DESK}n = ask('begin', './tests/q1.py')[0]\nask('verdicts', n, [[True, '']])\nask('end', n)"
    result, _, points = scores(Case({"q1": test}, (forges,)), warm, tmp_path)
    assert points == {"q1": 1}
    assert result.questions[0].inside


def test_cases_that_true_answers_are_counted(warm, tmp_path):
    result, _, points = scores(
        Case({"q1": ok(">>> x == 4\nTrue", ">>> x\n4")}, (LIES["answers True to everything"], CHECK)), warm, tmp_path
    )
    assert (result.questions[0].guessable, points) == (1, {"q1": 0.5})


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hw.ipynb", json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        archive.writestr("data.bin", b"\0" * (30 << 20))
    return out.getvalue()


def zip_of(**names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in names.items():
            archive.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("hw.zip", bomb(), "bomb"),
        ("hw.zip", b"no zip", "expected a zip"),
        (
            "hw.zip",
            zip_of(**{"../hw.ipynb": "{}"}),
            "expected one notebook or .py file at the top of the submission, got none",
        ),
        ("hw.zip", zip_of(**{"a.py": "", "b.py": ""}), "got 'a.py', 'b.py'"),
        ("hw.ipynb", b"{", "expected JSON"),
        ("hw.ipynb", b"", "got an empty file"),
        ("hw.py", b"\xff\xfe\xff", "expected a submission"),
    ],
)
def test_a_submission_that_cannot_be_read_is_one_line(name, data, words, warm, tmp_path):
    archive, _ = write(Case({"q1": X4}), tmp_path)
    (tmp_path / name).write_bytes(data)
    result, written = graded(archive, tmp_path / name, warm)
    assert (result.status, written["score"]) == ("refused", 0)
    assert words in result.reason
    assert "\n" not in result.reason
