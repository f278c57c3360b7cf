"""What students get: made by nbgrader, the same bytes every time, and never an answer in it."""

import ast
import base64
import json
import shutil
import sys

import nbformat
import pytest
from bundled import bundled_suite

from autograder.course import bundled_course, open_course
from autograder.errors import LeakError
from autograder.interop import nbgrader, otter
from autograder.release import build
from autograder.release.leaks import require_no_leak, secret_lines


@pytest.fixture(scope="module")
def files(skeleton):
    return build.build(skeleton)


def notebook_with(files, text):
    document = json.loads(files["a9_test.ipynb"])
    document["cells"].append({"cell_type": "markdown", "id": "x", "metadata": {}, "source": [text]})
    return {"a9_test.ipynb": json.dumps(document).encode()}


def test_the_release_holds_the_stub_and_the_public_check_and_no_answer(files):
    sources = ["".join(c["source"]) for c in json.loads(files["a9_test.ipynb"])["cells"]]
    solution = next(s for s in sources if s.startswith("def mean_square"))
    assert "raise NotImplementedError()" in solution
    assert "np.square" not in solution
    assert any(s.endswith("test_example(mean_square)") for s in sources)


def test_the_release_is_valid_nbformat_with_a_fixed_id_for_every_cell(files):
    notebook = nbformat.reads(files["a9_test.ipynb"].decode(), 4)
    nbformat.validate(notebook)
    assert [c.id for c in notebook.cells][:5] == ["text", "otter", "setup", "q1-text", "q1-solution"]


def test_a_second_build_gives_the_same_bytes(files, skeleton, monkeypatch):
    monkeypatch.setattr(otter, "assign", otter.assign.anew)
    monkeypatch.setattr(nbgrader, "generate_release", nbgrader.generate_release.anew)
    assert build.build(skeleton) == files


@pytest.mark.parametrize(
    "leak",
    [
        "return np.mean(np.square(x))",
        "    return  np.mean( np.square(x) )",
        "assert_number(student.mean_square(x), reference.mean_square(x))",
        "# BEGIN SOLUTION",
        "see hidden_checks.py",
        "import reference_impl",
    ],
)
def test_an_answer_anywhere_in_the_notebook_stops_the_release(files, skeleton, leak):
    with pytest.raises(LeakError):
        require_no_leak(skeleton, notebook_with(files, leak))


ANSWER = "return np.mean(np.square(x))"
PLACES = {
    "R13 in metadata": {"metadata": {"note": ANSWER}},
    "R13 as a key of metadata": {"metadata": {ANSWER: 1}},
    "R13 as a cell's id": {"id": ANSWER},
    "R13 in a saved output": {"outputs": [{"output_type": "stream", "name": "stdout", "text": ["12.5"]}]},
    "R13 in an attachment": {"attachments": {"x.png": {"image/png": "eA=="}}},
    "R13 encoded": {"metadata": {"note": base64.b64encode(ANSWER.encode() * 2).decode()}},
}


@pytest.mark.parametrize("place", PLACES)
def test_an_answer_outside_the_text_stops_the_release(files, skeleton, place):
    document = json.loads(files["a9_test.ipynb"])
    document["cells"][0] |= PLACES[place]
    with pytest.raises(LeakError):
        require_no_leak(skeleton, {"a9_test.ipynb": json.dumps(document).encode()})


def test_r12_a_hand_out_that_holds_a_line_of_a_solution_stops_the_release(course, tmp_path):
    root = tmp_path / "c"
    shutil.copytree(course.root, root)
    folder = open_course(root).solutions / "a9_test"
    folder.joinpath("helper.py").write_text("import numpy as np\n\n\ndef f(x):\n    return np.mean(np.square(x))\n")
    settings = folder / "assignment.toml"
    settings.write_text('handout = ["helper.py"]\n' + settings.read_text())
    with pytest.raises(LeakError, match="no line of a solution"):
        build.release(open_course(root), "a9_test")


def draws(definition):
    """Whether a function returns a scene: `scenes.forward` draws a forward pass, and has the name of what it draws."""
    ends = [n.value for n in ast.walk(definition) if isinstance(n, ast.Return)]
    return bool(ends) and all(isinstance(e, ast.Call) and getattr(e.func, "id", "") == "Scene" for e in ends)


@pytest.mark.parametrize("name", bundled_course().names())
def test_r12_no_hand_out_imports_the_reference_or_defines_what_a_question_asks_for(name):
    assignment = bundled_suite(name)
    asked = {n for c in assignment.cells if c.role == "solution" for n in c.defines if not n.startswith("_")}
    beside = {name.removesuffix(".py") for name in assignment.handout_files}
    for path in assignment.handout_files.values():
        tree = ast.parse(path.read_text())
        assert not asked & {
            n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and not draws(n)
        }
        imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        imported |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert {m.partition(".")[0] for m in imported} <= {"numpy", "matplotlib", *beside, *sys.stdlib_module_names}


@pytest.mark.parametrize("extra", ["hidden_checks.py", "samples/right/x.py", "assignment.toml", "course_lib/_ref.py"])
def test_a_file_that_is_not_on_the_allow_list_stops_the_release(files, skeleton, extra):
    with pytest.raises(LeakError, match="exactly"):
        require_no_leak(skeleton, {**files, extra: b""})


def test_a_missing_notebook_stops_the_release(skeleton):
    with pytest.raises(LeakError):
        require_no_leak(skeleton, {})


def unreleased(course, root):
    """A copy of the shared course without what another test released there."""
    shutil.copytree(course.root, root, ignore=shutil.ignore_patterns("assignments", "work"))
    return open_course(root)


def test_a_leak_writes_nothing(course, monkeypatch, tmp_path):
    copy = unreleased(course, tmp_path / "c")
    text = (copy.solutions / "a9_test" / "notebook.py").read_text()
    (copy.solutions / "a9_test" / "notebook.py").write_text(text + "\n# %% [markdown]\n# see hidden_checks\n")
    with pytest.raises(LeakError):
        build.release(copy, "a9_test")
    assert not copy.assignments.exists()


def test_a_changed_solution_makes_the_release_stale(course, tmp_path):
    copy = unreleased(course, tmp_path / "c")
    build.release(copy, "a9_test")
    assert build.is_fresh(copy, "a9_test")
    path = copy.solutions / "a9_test" / "notebook.py"
    path.write_text(path.read_text().replace("Replace them with your own.", "Replace them."))
    assert not build.is_fresh(copy, "a9_test")


@pytest.mark.parametrize("name", bundled_course().names())
def test_the_committed_release_is_what_the_authors_text_gives_now(name):
    assert build.is_fresh(bundled_course(), name), f"run: autograder release {name}"


@pytest.mark.parametrize("name", bundled_course().names())
def test_the_leak_scan_has_something_to_look_for(name):
    assert len(secret_lines(bundled_suite(name))) > 50
