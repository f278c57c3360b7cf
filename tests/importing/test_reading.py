"""Courses of nbgrader and otter are read as parts; a file that is broken is one line."""

import base64
import json

import pytest

from autograder.errors import CourseError
from autograder.importing.nbgrader_source import assignment_folders, read_assignment
from autograder.importing.notebook_file import raw_notebook
from autograder.importing.otter_answers import plain_answer
from autograder.importing.otter_master import read_master
from autograder.importing.otter_tests import ImportedCase, made_test, points_of, tests_of_file
from autograder.importing.python_text import indented, plain_python, with_marks, without_region
from autograder.importing.questions import in_questions, questions_of


def cell(kind, source, **metadata):
    made = {"cell_type": kind, "metadata": metadata, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def graded(kind, source, **mark):
    return cell(
        kind, source, nbgrader={"schema_version": 3, "locked": False, "grade": False, "solution": False, **mark}
    )


def written(folder, *cells, name="hw", **metadata):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 0}))
    return path


def test_nbgraders_marks_say_what_a_cell_is(tmp_path):
    source = tmp_path / "source"
    written(
        source / "ps1",
        cell("markdown", "# Title"),
        cell("code", "%matplotlib inline\nimport numpy as np"),
        graded(
            "code", "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION", solution=True, grade_id="f"
        ),
        graded(
            "code", "assert f()\n### BEGIN HIDDEN TESTS\nassert f() == 1\n### END HIDDEN TESTS", grade=True, points=2
        ),
        graded("code", "g = 3", solution=True, grade=True, points=4, grade_id="g"),
        graded("markdown", "Because.", solution=True, grade=True, points=3, grade_id="why"),
        graded("markdown", "Do this.", task=True, points=5, grade_id="task"),
        graded("code", "locked = 1", locked=True),
    )
    written(source, cell("code", "NAME = ''"), name="header")
    (source / "ps1" / "data").mkdir()
    (source / "ps1" / "data" / "a.csv").write_text("1")
    (source / "ps1" / ".ipynb_checkpoints").mkdir()
    (source / "ps1" / ".ipynb_checkpoints" / "old.csv").write_text("1")
    (notebook,) = read_assignment(source / "ps1")
    assert [(p.kind, p.name, p.points) for p in notebook.parts] == [
        ("given", "", 0),
        ("prose", "", 0),
        ("given", "", 0),
        ("answer", "f", 0),
        ("test", "", 2),
        ("answer", "g", 0),
        ("by_hand", "g", 4),
        ("by_hand", "why", 3),
        ("prose", "", 0),
        ("by_hand", "task", 5),
        ("given", "", 0),
    ]
    test = notebook.parts[4]
    assert (test.source, test.public, test.is_public) == ("assert f()\nassert f() == 1", "assert f()", False)
    assert "    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION" in notebook.parts[3].source
    assert notebook.parts[5].source == "# BEGIN SOLUTION\ng = 3\n# END SOLUTION"
    assert list(notebook.files) == ["data/a.csv"]
    assert [(item.kind, item.got) for item in notebook.left_out] == [
        ("magic", "%matplotlib inline"),
        ("code_by_hand", ""),
    ]


def test_a_course_gives_each_of_its_assignments(tmp_path):
    for name in ("ps1", "ps2"):
        written(tmp_path / "source" / name, cell("markdown", "x"))
    (tmp_path / "source" / "empty").mkdir()
    assert [p.name for p in assignment_folders(tmp_path)] == ["ps1", "ps2"]
    assert [p.name for p in assignment_folders(tmp_path / "source")] == ["ps1", "ps2"]
    assert [p.name for p in assignment_folders(tmp_path / "source" / "ps2")] == ["ps2"]


def test_an_attachment_becomes_a_file(tmp_path):
    made = cell("markdown", "![](attachment:my%20plot.png)")
    made["attachments"] = {"my%20plot.png": {"image/png": base64.b64encode(b"\x89PNG").decode()}}
    raw = raw_notebook(json.dumps({"cells": [made], "metadata": {}, "nbformat": 4}), "hw")
    assert (raw.cells[0].source, raw.files) == ("![](my_plot.png)", {"my_plot.png": b"\x89PNG"})


def broken_nbgrader(tmp_path, case):
    begin = graded("code", "### BEGIN SOLUTION\n1", solution=True)
    match case:
        case "no folder":
            assignment_folders(tmp_path / "nowhere")
        case "no notebook":
            assignment_folders(tmp_path)
        case "json":
            (tmp_path / "a.ipynb").write_text("{")
        case "list":
            (tmp_path / "a.ipynb").write_text("[]")
        case "language":
            written(tmp_path, kernelspec={"language": "R"})
        case "python 2":
            written(tmp_path, cell("code", "print 1"))
        case "open mark":
            written(tmp_path, begin)
        case "points":
            written(tmp_path, graded("code", "1", grade=True, points="two"))
    read_assignment(tmp_path)


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("no folder", "expected a folder"),
        ("no notebook", r"expected notebooks \(\*.ipynb\)"),
        ("json", "expected a Jupyter notebook"),
        ("list", "expected a Jupyter notebook"),
        ("language", "expected a notebook of Python, got one of R"),
        ("python 2", r"cell 1: expected Python 3, got .* in line 1"),
        ("open mark", "expected END SOLUTION"),
        ("points", "expected points as a number, got 'two'"),
    ],
)
def test_what_is_wrong_with_a_course_is_one_line(tmp_path, case, says):
    with pytest.raises(CourseError, match=says) as caught:
        broken_nbgrader(tmp_path, case)
    assert "\n" not in str(caught.value)


def test_marks_of_answers_become_ours():
    assert with_marks("x = 1", "cell") == "# BEGIN SOLUTION\nx = 1\n# END SOLUTION"
    assert with_marks("", "cell") == "# BEGIN SOLUTION\npass\n# END SOLUTION"
    for source in ("### END SOLUTION", "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION"):
        with pytest.raises(CourseError):
            with_marks(source, "cell")
    with pytest.raises(CourseError):
        without_region("### END HIDDEN TESTS", "HIDDEN TESTS", "cell")


@pytest.mark.parametrize(
    ("source", "kept", "dropped"),
    [
        ("%matplotlib inline\nx = 1", "x = 1", ("%matplotlib inline",)),
        ("!pip install x", "", ("!pip install x",)),
        ("n = !ls\nm = 2", "m = 2", ("n = !ls",)),
        ("%%time\nx = 1", "x = 1", ("%%time",)),
        ("%%bash\nls", "", ("%%bash",)),
        ("len?", "", ("len?",)),
        ("x = (7\n% 4)", "x = (7\n% 4)", ()),
        ("s = '''\n%d\n'''", "s = '''\n%d\n'''", ()),
    ],
)
def test_lines_for_ipython_are_taken_out(source, kept, dropped):
    assert plain_python(source, "cell") == (kept, dropped)


def test_a_text_of_several_lines_keeps_its_lines():
    assert indented("x = '''a\n b'''\nif x:\n    y = 1") == "    x = '''a\n b'''\n    if x:\n        y = 1"


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("x = 5 # SOLUTION", "# x = ...\n# BEGIN SOLUTION\nx = 5\n# END SOLUTION"),
        ("def f():\n    return 1 # SOLUTION", "def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION"),
        ("x = 5 # SOLUTION NO PROMPT\ny = 1", "# BEGIN SOLUTION\nx = 5\n# END SOLUTION\ny = 1"),
        ("# BEGIN SOLUTION NO PROMPT\nx = 5\n# END SOLUTION", "# BEGIN SOLUTION\nx = 5\n# END SOLUTION"),
        (
            '""" # BEGIN PROMPT\nx = ...\n"""; # END PROMPT\nx = 5 # SOLUTION NO PROMPT',
            "# x = ...\n# BEGIN SOLUTION\nx = 5\n# END SOLUTION",
        ),
        ("x = 1 # IGNORE\n# BEGIN IGNORE\ny = 2\n# END IGNORE\nz = 3", "z = 3"),
        ("x == 5 # SOLUTION", "# BEGIN SOLUTION\nx == 5\n# END SOLUTION"),
    ],
)
def test_otters_answers_get_our_marks(source, made):
    assert plain_answer(source, [], "cell", whole=False) == made


MASTER = [
    cell("raw", "# ASSIGNMENT CONFIG\nfiles: [data.csv]\ninit_cell: true"),
    cell("markdown", "# HW"),
    cell("raw", "# BEGIN QUESTION\nname: sq\npoints: 3"),
    cell("markdown", "Square."),
    cell("raw", "# BEGIN SOLUTION"),
    cell("code", "def square(x):\n    return x * x # SOLUTION"),
    cell("raw", "# END SOLUTION"),
    cell("raw", "# BEGIN TESTS"),
    cell("code", "square(2)") | {"outputs": [{"output_type": "execute_result", "data": {"text/plain": ["4"]}}]},
    cell("code", "# HIDDEN\nprint(square(3))") | {"outputs": [{"output_type": "stream", "text": ["9\n"]}]},
    cell("raw", "# END TESTS"),
    cell("raw", "# END QUESTION"),
    cell("raw", "# BEGIN QUESTION\nname: why\nmanual: true\npoints: 2"),
    cell("raw", "# BEGIN SOLUTION"),
    cell("markdown", "Because."),
    cell("raw", "# END SOLUTION"),
    cell("raw", "# END QUESTION"),
]


def test_otters_marks_say_what_a_cell_is(tmp_path):
    (tmp_path / "data.csv").write_text("1")
    notebook = read_master(written(tmp_path, *MASTER))
    parts = in_questions(notebook.parts)
    assert [(p.kind, p.question, p.points) for p in parts] == [
        ("prose", "", 0),
        ("prose", "", 0),
        ("answer", "sq", 0),
        ("test", "sq", 1.5),
        ("test", "sq", 1.5),
        ("by_hand", "why", 2),
    ]
    assert (parts[3].source, parts[3].public) == (">>> square(2)\n4\n", "assert repr(square(2)) == '4'")
    assert (parts[4].source, parts[4].public) == (">>> print(square(3))\n9\n", "")
    assert notebook.files == {"data.csv": b"1"}
    assert [item.got for item in notebook.left_out] == ["init_cell"]
    assert [(q.id, q.points) for q in questions_of(parts)] == [("sq", 3.0)]


def test_what_otter_gives_to_nobody_and_settings_without_a_counterpart_are_listed(tmp_path):
    (tmp_path / "data.csv").write_text("1")
    question = cell("raw", "# BEGIN QUESTION\nname: sq\npoints: 3\nall_or_nothing: true\nexport: true")
    mine = [cell("code", source) for source in ("# IGNORE\nanswer = 42", "## Ignore ##\nanswer = 43")]
    notebook = read_master(written(tmp_path, *mine, MASTER[0], question, *MASTER[3:]))
    assert "answer" not in "".join(part.source for part in notebook.parts)
    kinds = [(item.kind, item.got) for item in notebook.left_out]
    assert kinds == [("ignored", ""), ("ignored", ""), ("setting", "init_cell"), ("setting", "sq: all_or_nothing")]


def test_a_file_that_the_master_names_must_be_there(tmp_path):
    with pytest.raises(CourseError, match=r"data\.csv"):
        read_master(written(tmp_path, *MASTER))


def worth(*points):
    return [ImportedCase("t", "", "", p) for p in points]


@pytest.mark.parametrize(
    ("own", "given", "made"),
    [
        ((None, None), None, [0.5, 0.5]),
        ((None, None), 3, [1.5, 1.5]),
        ((None, None, 2), 3, [0.5, 0.5, 2]),
        ((None, 2), None, [0, 2]),
        ((None, None), {"each": 2}, [2, 2]),
        ((None, None), [1, 4], [1, 4]),
        ((None, None), [1, None], [1, 0]),
    ],
)
def test_points_are_shared_out_as_otter_does(own, given, made):
    assert list(points_of(worth(*own), given, "q1")) == made


def test_points_that_do_not_fit_are_one_line():
    for own, given in (((None, None), [1]), ((2, 2), 3), ((None,), "two"), ((None,), {"each": "two"}), (("1",), None)):
        with pytest.raises(CourseError, match="q1: points: expected"):
            points_of(worth(*own), given, "q1")


def test_otters_test_files_are_read_and_not_run():
    ok = "OK_FORMAT = True\ntest = {'name': 'q1', 'points': 2, 'suites': [{'cases': [{'code': '>>> f(1)\\n2', 'hidden': False}]}]}"
    question, (case,), points = tests_of_file(ok, "q1.py")
    assert (question, points, case.source, case.public) == ("q1", 2, ">>> f(1)\n2", "assert repr(f(1)) == '2'")
    functions = "name = 'q2'\npoints = None\nopen('/tmp/never')\n@test_case(points=3, hidden=True)\ndef test_f(f, env):\n    assert f(env['x'])"
    question, (case,), points = tests_of_file(functions, "q2.py")
    assert (case.points, case.public) == (3, "")
    assert case.source == "def test_f(f, env):\n    assert f(env['x'])\n\n_ = test_f(f, globals())"


def test_a_printing_test_shows_students_nothing_that_they_could_run():
    assert made_test("t", "for i in range(2):\n    print(i)", "0\n1\n", "q1", hidden=False).public == ""
