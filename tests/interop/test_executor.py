"""`nbgrader autograde` in the sandbox: the scores of a Jupyter kernel, with nothing of the machine within reach."""

import os
import shutil
import signal
from pathlib import Path

import nbgrader
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from interop import nbgrader_course as example
from nbformat.v4 import new_code_cell, new_notebook

from autograder.errors import CrashError, SandboxError
from autograder.interop import executor
from autograder.interop.executor_outputs import checked
from autograder.interop.tools import run_tool
from autograder.sandbox.clocks import Deadline
from autograder.sandbox.connection import Limits
from autograder.sandbox.launcher import Kernel
from autograder.sandbox.student_process import StudentProcess
from autograder.sandbox.tiers import open_sandbox

SAMPLE = ["right", "stderr", "partial"]
DOCUMENTATION = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"


def test_scores_are_those_of_a_kernel_on_a_sample_of_odd_notebooks(tmp_path):
    """The rest of them: `make parity`."""
    answers = {name: example.ODD[name] for name in SAMPLE}
    graded = example.both(tmp_path, lambda root: example.make_course(root, answers))
    assert graded["sandbox"] == graded["kernel"]
    assert graded["kernel"]["right"] == {"test_squares": 2, "test_error": 3, "test_partial": 5, "test_warns": 0, "test_prints": 1}  # fmt: skip


@pytest.mark.skipif(not DOCUMENTATION.is_dir(), reason="this nbgrader comes without its documentation")
def test_scores_are_those_of_a_kernel_on_nbgraders_own_example(tmp_path):

    def make(root):
        root.mkdir()
        for folder in ("source", "submitted"):
            shutil.copytree(DOCUMENTATION / folder, root / folder, ignore=shutil.ignore_patterns("ps1_autotest"))
        (root / "nbgrader_config.py").write_text("c = get_config()\n")
        run_tool(root, "nbgrader", "generate_assignment", "ps1", "--create")

    graded = example.both(tmp_path, make)
    assert graded["sandbox"] == graded["kernel"]
    assert set(graded["kernel"]) == {"bitdiddle", "hacker"}
    assert sum(filter(None, graded["kernel"]["bitdiddle"].values())) > 0


@pytest.fixture
def run(tmp_path):
    """run(source, …): the outputs of a notebook of these cells, which lies in tmp_path."""

    def of(*sources, **settings):
        cells = [new_code_cell(s, id=f"c{i}") for i, s in enumerate(sources)]
        notebook = new_notebook(cells=cells)
        executor.SandboxedExecute(**settings).preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
        return [[dict(o) for o in cell.outputs] for cell in notebook.cells]

    return of


def names(outputs):
    return [o.get("ename", o["output_type"]) for o in outputs]


def test_files_modules_and_notebooks_beside_the_notebook_are_there_and_links_are_not(run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.csv").write_text("1,2")
    (tmp_path / "help_me.py").write_text("def one(): return 1\n")
    (tmp_path / "other.ipynb").write_text("{}")
    (tmp_path / "secret").symlink_to("/etc/passwd")
    found, imported = run(
        "import os; open('data/x.csv').read(), sorted(os.listdir('.'))", "import help_me; help_me.one()"
    )
    assert found[0]["data"]["text/plain"] == "('1,2', ['data', 'help_me.py', 'other.ipynb'])"
    assert imported[0]["data"]["text/plain"] == "1"


@pytest.mark.parametrize(
    "source",
    [
        "open('/etc/passwd').read()",
        "import socket; socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.environ['GRADER_TOKEN']",
        f"open({os.path.abspath(__file__)!r})",
    ],
)
def test_a_notebook_reaches_nothing_of_the_machine(run, monkeypatch, source):
    monkeypatch.setenv("GRADER_TOKEN", "a token")
    ((output,),) = run(source)
    assert output["output_type"] == "error"


def test_a_loop_is_interrupted_and_the_cells_below_it_still_run(run):
    loop, after = run("x = 1\nwhile True: pass", "x + 1", timeout=4)
    assert "CellTimeoutError" in names(loop)
    assert names(after) == ["execute_result"]
    assert after[0]["data"]["text/plain"] == "2"


def test_a_loop_is_interrupted_where_the_command_was_started_in_the_background():
    """There the shell has the command ignore interrupts, and all that it starts."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        zygote = open_sandbox({}, "B", Kernel())
    finally:
        signal.signal(signal.SIGINT, before)
    limits = Limits(cell=4, submission=300, cpu=300)
    with zygote, StudentProcess(zygote, limits, "", Deadline(300)) as session:
        session.start("", {})
        (_, (output,)), interrupted = session.run("while True: pass", 4)
    assert output["ename"] == "KeyboardInterrupt"
    assert "a cell used more than 4 s of processor time" in str(interrupted)


def test_a_process_that_ends_leaves_an_error_in_every_cell_below(run):
    first, second, third = run("1", "import os; os._exit(0)", "2")
    assert (names(first), names(second), names(third)) == (["execute_result"], ["DeadKernelError"], ["DeadKernelError"])


def test_what_a_browser_would_run_is_left_out(run):
    (shown,) = run("from IPython.display import HTML, Javascript, SVG\ndisplay(HTML('<script>'), Javascript('1'))")
    assert all(set(o["data"]) == {"text/plain"} for o in shown)


def test_where_no_sandbox_holds_nothing_is_run(run, monkeypatch):
    def refuse(*_):
        raise SandboxError("sandbox: expected one, got none.")

    monkeypatch.setattr(executor, "open_sandbox", refuse)
    monkeypatch.setattr(executor, "_open", {})
    with pytest.raises(SandboxError):
        run("1")


ANY = st.recursive(
    st.none() | st.integers() | st.text(max_size=9) | st.sampled_from(["stream", "stdout", "error", "execute_result"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["output_type", "name", "text", "ename", "evalue", "traceback", "data", "text/plain"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(ANY | st.tuples(st.integers(), st.lists(ANY)).map(list))
@settings(max_examples=500)
def test_outputs_that_are_none_end_the_session_and_all_others_are_a_notebooks(answer):
    try:
        _, outputs = checked(answer)
    except CrashError:
        return
    assert all(o.output_type in {"stream", "error", "display_data", "execute_result"} for o in outputs)
