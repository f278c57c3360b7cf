"""Before a release, the solution runs in the sandbox and must pass every check: the first fault is one line."""

import contextlib
import shutil
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from autograder.assignment.assignment import load_assignment
from autograder.cli.main import app
from autograder.errors import CourseError, SandboxError
from autograder.judging.notebook_run import limits_of
from autograder.release import trial

BODY = "return np.mean(np.square(x))"
CHECK = '@check("q1", points=7, device=True)'
CORE = '@check("q1", points=7, device=True, core=True)'
SLIPS = """from autograder.authoring import Slip, slips


@slips("q1", probe=lambda student, reference, rng: student.mean_square(rng.normal(size=4)))
def mean_slips(reference):
    yield Slip("zeros", "mean_square", lambda x: 0 * x[0], "zero", "zeros.")


"""
LIMITS = "submission_seconds = 30"


@pytest.fixture
def tried(skeleton, sandboxes, tmp_path, monkeypatch):
    """tried(file, old, new): try the skeleton out with that change. The sandbox is the one of all other tests."""

    def try_it(file, old, new):
        folder = tmp_path / "a9_test"
        shutil.copytree(skeleton.folder, folder)
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1))
        assignment = load_assignment(folder)
        trial.try_out(assignment, sandboxes.open({assignment.name: assignment.handouts}, "B"))

    return try_it


def test_a_solution_that_passes_is_released(tried):
    tried("notebook.py", BODY, f"{BODY}  # as it was")


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        # what a notebook cannot have
        ("notebook.py", "import numpy as np", "import numpy as np\nimport nowhere", "setup: expected imports of packages that assignment.toml names, got 'nowhere'. Hint: pip install nowhere, or"),
        ("notebook.py", BODY, "import socket; socket.create_connection(('127.0.0.1', 9)); return 1", "q1.example: expected your own solution to pass, got "),
        ("notebook.py", BODY, "open('data.csv'); return 1", "got FileNotFoundError: "),
        ("notebook.py", "import numpy as np", "import numpy as np\ndata = open('data.csv').read()", "Hint: a notebook can read its hand-outs"),
        ("notebook.py", "import numpy as np", "import numpy as np\nbig = np.ones(2**33)", "Hint: memory_mb in [limits]"),
        ("notebook.py", "import numpy as np", "import numpy as np\nimport os; os._exit(0)", "Hint: endless recursion or too much memory"),
        ("notebook.py", '# %% [markdown] q="explain"\n', '# %% role="figure"\nplot(mean_square)\n\n# %% [markdown] q="explain"\n', "cell figure: expected it to run in the sandbox, got NameError: name 'plot' is not defined"),
        ("notebook.py", '# %% [markdown] q="explain"\n', '# %% role="poster"\nmean_square\n\n# %% [markdown] q="explain"\n', "cell poster: expected it to run in the sandbox, got NameError: name 'mean_square' is not defined"),
        # a check that the solution does not pass
        ("notebook.py", "- 12.5) < 1e-9", "- 13) < 1e-9", "a9_test, q1.example: expected your own solution to pass, got: 9 and 16 have the mean 12.5."),
        ("notebook.py", BODY, "return np.mean(x)", "a9_test, q1.example: expected your own solution to pass, got: 9 and 16"),
        ("notebook.py", BODY, "return mean(x * x)", "q1.example: expected your own solution to pass, got NameError: name 'mean' is not defined"),
        # a misspelt name
        ("notebook.py", "def test_example(mean_square):", "def test_example(mean_sqare):", "got: mean_sqare is not defined. Did you mean mean_square?"),
        ("notebook.py", "assert abs(mean_square(", "assert abs(mean_sqare(", "q1.example, line 3: expected your own solution to pass, got NameError"),
        ("hidden_checks.py", "student.mean_square(x)", "student.mean_sqare(x)", "a9_test, q1.value: expected your own solution to pass, got: mean_sqare is not defined. Did you mean"),
        ("hidden_checks.py", "reference.mean_square(x))", "reference.mean_sqare(x))", "q1.value, line 14: expected your own solution to pass, got AttributeError"),
        # a slip that pays for a body that does nothing, and one without a check that it costs
        ("hidden_checks.py", CHECK, SLIPS + CORE, "a9_test, slips of q1: expected zeros to give an answer that is not zero, got zeros."),
        ("hidden_checks.py", CHECK, SLIPS + CHECK, "a9_test, slips of q1: expected a core check with points, got none. Hint: "),
        # a check that is broken itself
        ("hidden_checks.py", "for size in (7, 2, 1):", "for size in 7:", "q1.value, line 12: expected your own solution to pass, got TypeError: 'int' object is not iterable"),
        ("hidden_checks.py", "for size in (7, 2, 1):", "raise SystemExit\n    for size in (7, 2, 1):", "q1.value, line 12: expected your own solution to pass, got SystemExit"),
        ("hidden_checks.py", "assert_number(student.mean_square(x), reference.mean_square(x))", "assert_number(student.mean_square(x, 1), 0)", "got TypeError: mean_square() takes 1 positional argument but 2 were given"),
    ],
)  # fmt: skip
def test_the_first_fault_is_one_line(tried, file, old, new, says):
    with pytest.raises(CourseError) as refused:
        tried(file, old, new)
    line = str(refused.value)
    assert says in line
    assert "\n" not in line
    assert line.endswith((".", "?"))


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("notebook.py", "import numpy as np", "import numpy as np\nwhile True: pass", "cell setup: expected it to run in the sandbox, got: a cell used more than 0.3 s"),
        ("hidden_checks.py", "for size in (7, 2, 1):", "while True:\n        size = 3", "within 1 s, got no end"),
    ],
)  # fmt: skip
def test_an_endless_loop_ends(tried, skeleton, monkeypatch, file, old, new, says):
    short = replace(limits_of(skeleton.settings.limits), cell=0.3)
    monkeypatch.setattr(trial, "limits_of", lambda _: short)
    monkeypatch.setattr(trial, "_seconds_of", lambda _: 1.0)
    with pytest.raises(CourseError, match="a9_test") as refused:
        tried(file, old, new)
    assert says in str(refused.value)


def test_without_a_sandbox_the_release_says_what_it_could_not_run(skeleton, tmp_path, monkeypatch):
    root = tmp_path / "class"
    shutil.copytree(skeleton.folder, root / "solutions" / "a9_test")
    (root / "course.toml").write_text('title = "x"\n')
    monkeypatch.chdir(root)

    @contextlib.contextmanager
    def nowhere(*_):
        def refuse(_):
            raise SandboxError("sandbox: expected Linux, whose kernel has it, got another system.")

        yield refuse

    monkeypatch.setattr(trial, "sandboxes_for", nowhere)
    done = CliRunner().invoke(app, ["release"])
    assert done.exit_code == 0, done.output
    assert "NOT TRIED: neither the solutions nor their public checks ran." in done.output
    assert (root / "assignments" / "a9_test" / "a9_test.ipynb").exists()


def test_a_solution_that_fails_is_not_released(skeleton, tmp_path, monkeypatch):
    root = tmp_path / "class"
    shutil.copytree(skeleton.folder, root / "solutions" / "a9_test")
    (root / "course.toml").write_text('title = "x"\n')
    notebook = root / "solutions" / "a9_test" / "notebook.py"
    notebook.write_text(notebook.read_text().replace(BODY, "return np.mean(x)"))
    monkeypatch.chdir(root)
    done = CliRunner().invoke(app, ["release"])
    assert "a9_test, q1.example: expected your own solution to pass" in str(done.exception)
    assert not (root / "assignments").exists()
