"""`autograder check`: the public checks of a released notebook run in the sandbox, and only a chosen course counts."""

import json

import pytest
from commands import process, program

from autograder.assignment.released import load_released
from autograder.assignment.samples import notebook_text, solved_cells
from autograder.intake.reader import read_notebook
from autograder.judging.public_checks import put_public_checks
from autograder.release.build import release


@pytest.fixture(scope="module")
def released(course):
    release(course, "a9_test")
    return load_released(course.assignments / "a9_test")


@pytest.fixture
def put(released, sandboxes, skeleton, tmp_path):
    """put(answer): {check: (outcome, message)} of a notebook with this answer to q1."""

    def of(answer, suite=released):
        cells = [(k, n, answer if n == "q1-solution" else s) for k, n, s in solved_cells(skeleton)]
        path = tmp_path / "mine.ipynb"
        path.write_text(notebook_text(cells))
        zygote = sandboxes.open({suite.name: suite.handouts}, "B")
        return {c.id: (c.outcome, c.message) for c in put_public_checks(read_notebook(path), suite, zygote).checks}

    return of


RIGHT = "def mean_square(x):\n    return float(np.mean(np.square(x)))"


def test_a_right_answer_passes_and_a_wrong_one_reads_the_text_of_the_assertion(put):
    assert put(RIGHT) == {"q1.example": ("pass", "")}
    outcome, message = put("def mean_square(x):\n    return 7.0")["q1.example"]
    assert outcome == "fail"
    assert message


@pytest.mark.parametrize(
    ("answer", "outcome", "says"),
    [
        ("", "missing", "mean_square is not defined"),
        ("def mean_square(x):\n    raise NotImplementedError()", "missing", "not written yet"),
        ("def mean_square(x):\n    raise KeyError('k')", "error", "raised KeyError"),
        ("def mean_square(x):\n    import os; os._exit(0)", "crash", "ended itself"),
    ],
)
def test_each_way_to_fail_has_its_outcome(put, answer, outcome, says):
    got, message = put(answer)["q1.example"]
    assert got == outcome
    assert says in message


OWNED = "open({path!r}, 'w')"


@pytest.fixture
def hostile(course, released, tmp_path):
    """A course of somebody else: its released check does harm when it is defined, called, or only read."""
    root, mark = tmp_path / "theirs", tmp_path / "owned"
    (root / "assignments" / "a9_test").mkdir(parents=True)
    (root / "course.toml").write_text('title = "Theirs"\n')
    document = json.loads((course.assignments / "a9_test" / "a9_test.ipynb").read_text())
    write = OWNED.format(path=str(mark))
    for cell in document["cells"]:
        source = "".join(cell["source"])
        if "def test_" in source:
            cell["source"] = source.replace("(mean_square):", f"(mean_square, _={write}):", 1).replace(
                "def test_", f"def test_x(_={write}):\n    {write}\n\n\ndef test_", 1
            )
    (root / "assignments" / "a9_test" / "a9_test.ipynb").write_text(json.dumps(document))
    (root / "a9_test.ipynb").write_text(json.dumps(document))
    return root, mark


@pytest.mark.usefixtures("warm_commands")
def test_k10_a_course_around_the_notebook_is_not_taken(hostile, tmp_path):
    root, mark = hostile
    here = tmp_path / "here"
    here.mkdir()
    code, said = program(here, "check", str(root / "a9_test.ipynb"), "--tier", "B")
    assert code == 2
    assert "course: expected course.toml here or in a folder above, got none" in said
    assert not mark.exists()


@pytest.mark.usefixtures("warm_commands")
def test_k10_nothing_of_a_released_notebook_runs_outside_of_the_sandbox(hostile):
    """Also where a person chose that course."""
    root, mark = hostile
    for words in (["--course", str(root)], []):
        code, said = program(root, "check", str(root / "a9_test.ipynb"), "--tier", "B", *words)
        assert code in {1, 2}, said
        assert not mark.exists()


def test_k10_a_module_in_the_working_folder_is_not_imported(tmp_path):
    """`python -m` would put that folder first."""
    for name in ("json", "typer", "pickle", "numpy", "traceback", "__future__"):
        (tmp_path / f"{name}.py").write_text(OWNED.format(path=str(tmp_path / f"{name} was imported")))
    assert process(tmp_path, "check")[0] == 2
    assert list(tmp_path.glob("* was imported")) == []
