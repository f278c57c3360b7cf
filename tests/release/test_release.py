"""What students get: made by nbgrader, the same bytes every time, and never an answer in it."""

import json
import shutil

import nbformat
import pytest

from autograder.authoring.assignment import load_assignment
from autograder.course import bundled_course, open_course
from autograder.errors import LeakError
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


def test_a_second_build_gives_the_same_bytes(files, skeleton):
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


def test_an_answer_hidden_in_metadata_stops_the_release(files, skeleton):
    document = json.loads(files["a9_test.ipynb"])
    document["cells"][0]["metadata"]["note"] = "return np.mean(np.square(x))"
    with pytest.raises(LeakError):
        require_no_leak(skeleton, {"a9_test.ipynb": json.dumps(document).encode()})


@pytest.mark.parametrize("extra", ["hidden_checks.py", "samples/right/x.py", "assignment.toml"])
def test_a_file_that_is_not_on_the_allow_list_stops_the_release(files, skeleton, extra):
    with pytest.raises(LeakError, match="exactly"):
        require_no_leak(skeleton, {**files, extra: b""})


def test_a_missing_notebook_stops_the_release(skeleton):
    with pytest.raises(LeakError):
        require_no_leak(skeleton, {})


def test_a_leak_writes_nothing(course, monkeypatch, tmp_path):
    root = tmp_path / "c"
    shutil.copytree(course.root, root)
    copy = open_course(root)
    text = (copy.solutions / "a9_test" / "notebook.py").read_text()
    (copy.solutions / "a9_test" / "notebook.py").write_text(text + "\n# %% [markdown]\n# see hidden_checks\n")
    with pytest.raises(LeakError):
        build.release(copy, "a9_test")
    assert not copy.assignments.exists()


def test_a_changed_solution_makes_the_release_stale(course, tmp_path):
    root = tmp_path / "c"
    shutil.copytree(course.root, root)
    copy = open_course(root)
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
    assert len(secret_lines(load_assignment(bundled_course().solutions / name))) > 50
