"""What otter makes of the author's text: public tests in the notebook, hidden ones in autograder.zip only."""

import ast
import io
import json
import shutil
import sys
import zipfile

import nbformat
import pytest
from interop.parity import filled_in
from nbclient import NotebookClient

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import solved_cells, starter_cells
from autograder.assignment.self_checks import self_check, setup
from autograder.authoring.seeds import seeds_from
from autograder.errors import LeakError
from autograder.intake.reader import read_notebook
from autograder.interop import otter
from autograder.interop.otter import for_gradescope
from autograder.judging.submission import grade_notebook
from autograder.release.build import student_files
from autograder.release.leaks import require_no_leak


@pytest.fixture(scope="module")
def assigned(skeleton):
    return otter.assign(skeleton)


@pytest.fixture(scope="module")
def released(skeleton, assigned):
    return student_files(skeleton, assigned.metadata)


@pytest.fixture(scope="module")
def notebook(released):
    return json.loads(released["a9_test.ipynb"])


@pytest.fixture(scope="module")
def archive(assigned):
    return zipfile.ZipFile(io.BytesIO(assigned.archive))


def test_the_notebook_carries_the_public_test_in_the_authors_words_with_its_points(notebook):
    test = notebook["metadata"]["otter"]["tests"]["q1"]
    assert "points=2, hidden=False" in test
    assert "import numpy as np" in test
    assert 'assert abs(mean_square(np.array([3.0, 4.0])) - 12.5) < 1e-9, "9 and 16 have the mean 12.5"' in test


def test_no_hidden_test_is_in_what_students_get(notebook):
    assert "run_hidden_check" not in json.dumps(notebook)
    assert "hidden=True" not in json.dumps(notebook)


@pytest.mark.parametrize(
    "leak", ["@test_case(points=8, hidden=True)", "assert_number(student.mean_square(x), reference.mean_square(x))"]
)
def test_a_hidden_test_in_otters_metadata_stops_the_release(released, skeleton, notebook, leak):
    document = json.loads(json.dumps(notebook))
    document["metadata"]["otter"]["tests"]["q1"] += f"\n{leak}\n"
    with pytest.raises(LeakError):
        require_no_leak(skeleton, {**released, "a9_test.ipynb": json.dumps(document).encode()})


def test_the_authors_answer_to_a_question_graded_by_hand_is_not_released(notebook, released, skeleton):
    cell = next(c for c in notebook["cells"] if c["id"] == "explain")
    assert "".join(cell["source"]) == "YOUR ANSWER HERE"
    assert cell["metadata"]["nbgrader"]["points"] == 5
    assert cell["metadata"]["nbgrader"]["grade"]
    assert cell["metadata"]["nbgrader"]["solution"]
    document = json.loads(json.dumps(notebook))
    document["cells"][0]["source"] = [next(c.source for c in skeleton.cells if c.role == "manual")]
    with pytest.raises(LeakError):
        require_no_leak(skeleton, {**released, "a9_test.ipynb": json.dumps(document).encode()})


def test_a_question_graded_by_hand_stands_outside_the_score(skeleton):
    assert skeleton.by_hand == {"explain": 5}
    assert skeleton.max_score == 10


def test_the_archive_holds_every_check_with_its_points(archive, skeleton):
    test = archive.read("tests/q1.py").decode()
    assert test.count("@test_case") == len(skeleton.checks)
    assert "points=7, hidden=True" in test


def test_the_archive_holds_the_course_that_hidden_tests_look_for_and_nothing_of_students(archive):
    names = archive.namelist()
    assert {"files/course.toml", "files/solutions/a9_test/hidden_checks.py", "files/autograder/course.py"} <= {*names}
    assert not [n for n in names if "/samples/" in n or "__pycache__" in n or "/work/" in n]


def test_the_same_content_gives_the_same_archive(assigned):
    assert for_gradescope(assigned.archive) == assigned.archive


def outputs(notebook, tmp_path):
    """Run a notebook alone in a folder, in a real kernel; what its `grader.check` cell shows."""
    path = tmp_path / "a9_test.ipynb"
    path.write_text(json.dumps(notebook))
    ran = nbformat.read(path, 4)
    NotebookClient(ran, timeout=300, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    return str(next(c for c in ran.cells if c.id == "q1-otter").outputs)


@pytest.mark.real_tools
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_grader_check_is_green_on_a_solved_notebook_in_plain_jupyter(notebook, skeleton, tmp_path):
    assert "passed!" in outputs(filled_in(notebook, solved_cells(skeleton)), tmp_path)


@pytest.mark.real_tools
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_grader_check_says_what_it_expects_on_the_starter(notebook, skeleton, tmp_path):
    said = outputs(filled_in(notebook, starter_cells(skeleton)), tmp_path)
    assert "(3, 4) gives 12.5" in said
    assert "NotImplementedError" in said


def test_without_otter_the_notebook_works_and_grader_check_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "otter", None)
    names = {}
    exec(setup("a9_test"), names)
    assert "The cells above check the same" in eval(self_check("q1"), names)


def test_otters_cells_cost_nothing_and_flag_nothing_in_the_sandbox(notebook, skeleton, graded):
    result = graded(filled_in(notebook, solved_cells(skeleton)))
    assert (result.score, result.cell_errors, result.flags) == (10, (), ())


def test_otters_cells_are_harmless_when_a_student_changed_them(notebook, skeleton, graded):
    document = filled_in(notebook, solved_cells(skeleton))
    for cell in document["cells"]:
        if cell["id"] in {"otter", "q1-otter"}:
            cell["source"] = "".join(cell["source"]) + "\n# mine"
    result = graded(document)
    assert (result.score, result.cell_errors, result.flags) == (10, (), ())


@pytest.fixture
def graded(skeleton, zygote, tmp_path):
    def grade(document):
        path = tmp_path / "a9_test.ipynb"
        path.write_text(json.dumps(document))
        return grade_notebook(read_notebook(path), "ann", skeleton, zygote, seeds_from(b"secret"))

    return grade


def test_a_public_check_without_quotes_or_with_them_travels_whole(tmp_path, skeleton):
    """A title goes through JSON, YAML and a Python string on its way; the marks that each of them minds survive."""
    folder = tmp_path / "a9_test"
    shutil.copytree(skeleton.folder, folder)
    text = (folder / "notebook.py").read_text()
    (folder / "notebook.py").write_text(text.replace('"""(3, 4) gives 12.5"""', r'r"""a "quoted" \title: {x} # not"""'))
    tests = otter.assign(load_assignment(folder)).metadata["otter"]["tests"]
    constants = [node.value for node in ast.walk(ast.parse(tests["q1"])) if isinstance(node, ast.Constant)]
    assert constants.count(r'a "quoted" \title: {x} # not') == 2  # the message, and the docstring
