"""`nbgrader autograde` in the sandbox: the scores of a Jupyter kernel, with nothing of the machine within reach."""

import logging
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbgrader
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from interop import nbgrader_course as example
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, writes
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.errors import CourseError, CrashError, FileError, SandboxError
from autograder.interop import executor
from autograder.interop.executor_outputs import checked
from autograder.interop.executor_settings import course_kernel, require_python, say_what_has_no_effect
from autograder.interop.notebook_files import files_beside
from autograder.interop.tools import run_tool
from autograder.sandbox.clocks import Deadline
from autograder.sandbox.connection import Limits
from autograder.sandbox.launcher import Kernel
from autograder.sandbox.student_process import StudentProcess
from autograder.sandbox.tiers import open_sandbox

SAMPLE = ["right", "stderr", "partial"]
DOCUMENTATION = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"


@pytest.mark.real_tools
def test_scores_are_those_of_a_kernel_on_a_sample_of_odd_notebooks(tmp_path):
    """The rest of them: `make parity`."""
    answers = {name: example.ODD[name] for name in SAMPLE}
    graded = example.both(tmp_path, lambda root: example.make_course(root, answers))
    assert graded["sandbox"] == graded["kernel"]
    assert graded["kernel"]["right"] == {"test_squares": 2, "test_error": 3, "test_partial": 5, "test_warns": 0, "test_prints": 1}  # fmt: skip


@pytest.mark.skipif(not DOCUMENTATION.is_dir(), reason="this nbgrader comes without its documentation")
@pytest.mark.real_tools
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
    loop, after = run("x = 1\nwhile True: pass", "x + 1", timeout=1)
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
    limits = Limits(cell=1, submission=300, cpu=300)
    with zygote, StudentProcess(zygote, limits, "", Deadline(300)) as session:
        session.start("", {})
        (_, (output,)), interrupted = session.run("while True: pass", 1)
    assert output["ename"] == "KeyboardInterrupt"
    assert "a cell used more than 1 s of processor time" in str(interrupted)


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
@settings(max_examples=200)
def test_outputs_that_are_none_end_the_session_and_all_others_are_a_notebooks(answer):
    try:
        _, outputs = checked(answer)
    except CrashError:
        return
    assert all(o.output_type in {"stream", "error", "display_data", "execute_result"} for o in outputs)


def test_the_time_of_a_cell_is_that_of_nbgraders_own_settings():
    for section in ("Execute", "ExecutePreprocessor", "SandboxedExecute"):
        assert configured(f"c.{section}.timeout = 7").timeout == 7
    assert configured("c.Execute.timeout = 7\nc.SandboxedExecute.timeout = 8").timeout == 8
    assert configured("").timeout == 30


def configured(text):
    """SandboxedExecute, with this nbgrader_config.py."""
    settings = Config()
    exec(text, {"c": settings})
    return executor.SandboxedExecute(config=settings)


@pytest.mark.parametrize("timeout", [None, -1, 0])
def test_without_a_limit_for_cells_that_of_the_notebook_holds(run, timeout):
    (loop,) = run("while True: pass", timeout=timeout, notebook_timeout=1)
    assert "CellTimeoutError" in names(loop)


def test_a_function_can_give_each_cell_its_time(run):
    def seconds(cell):
        return 1 if "while" in cell.source else 20

    loop, after = run("while True: pass", "1", timeout_func=seconds, error_on_timeout={"ename": "Slow", "evalue": "x"})
    assert "Slow" in names(loop)
    assert names(after) == ["execute_result"]


def test_settings_of_a_kernels_process_are_named_in_the_log(caplog):
    text = "c.Execute.extra_arguments = ['-x']\nc.ExecutePreprocessor.startup_timeout = 9\nc.Execute.timeout = 5"
    say_what_has_no_effect(configured(text), logging.getLogger("nbgrader"))
    assert [record.getMessage() for record in caplog.records] == [
        "c.Execute.extra_arguments: no effect in the sandbox, which starts no kernel.",
        "c.ExecutePreprocessor.startup_timeout: no effect in the sandbox, which starts no kernel.",
    ]


@pytest.mark.parametrize(
    ("metadata", "kernel_name", "language"),
    [
        ({"kernelspec": {"name": "ir", "language": "R"}}, "", "'R'"),
        ({"kernelspec": {"name": "ir"}, "language_info": {"name": "R"}}, "", "'R'"),
        ({"kernelspec": {"name": "julia-1.9", "language": "julia"}}, "", "'julia'"),
        ({}, "ir", "'ir'"),
        ({"kernelspec": {"name": "python3", "language": "python"}}, "", ""),
        ({"kernelspec": {"name": "conda-env-x", "language": "python"}}, "", ""),
        ({"kernelspec": {"name": "ir", "language": "R"}}, "python3", ""),
        ({"kernelspec": {"language": ["R"]}, "language_info": {"name": "ipython"}}, "", ""),
        ({"kernelspec": None}, "", ""),
        ({}, "", ""),
    ],
)
def test_a_notebook_in_another_language_is_refused(metadata, kernel_name, language):
    notebook = NotebookNode(metadata=metadata)
    if not language:
        require_python(notebook, kernel_name)
        return
    with pytest.raises(CourseError, match=f"^kernel: expected Python, got {language}. Hint: "):
        require_python(notebook, kernel_name)


def test_many_and_large_files_go_beside_the_notebook_and_more_than_the_limit_does_not(run, tmp_path):
    (tmp_path / "many").mkdir()
    for i in range(300):
        (tmp_path / "many" / str(i)).write_text("x")
    (tmp_path / "large.bin").write_bytes(bytes(9 << 20) + b"end")
    ((output,),) = run(
        "import os; len(os.listdir('many')), os.path.getsize('large.bin') >> 20, open('large.bin', 'rb').read()[-3:]"
    )
    assert output["data"]["text/plain"] == "(300, 9, b'end')"
    with pytest.raises(FileError, match=r"files of at most 4 MiB together beside a notebook, got 10 MiB\. Hint: raise"):
        run("1", files_mb=4)


def test_where_a_sandbox_has_no_folder_a_notebook_with_files_is_not_run(tmp_path):
    (tmp_path / "data.csv").write_text("1")
    without = SimpleNamespace(namespaces=False)
    with pytest.raises(SandboxError, match="expected a sandbox with a folder for the files beside the notebook"):
        executor._put_beside(None, without, files_beside(tmp_path, 1), {})


def test_an_output_that_is_updated_has_its_last_value(run):
    (first, second) = run(
        "from IPython.display import display\nh = display(1, display_id=True); h.update(2); g = display(3, display_id='a')",
        "display(4, display_id='a'); g.update(5)",
    )
    assert [o["data"]["text/plain"] for o in first] == ["2", "3"]
    assert [o["data"]["text/plain"] for o in second] == ["5"]


def test_waiting_cells_are_stopped_and_those_below_run(run):
    wait, after = run("import asyncio\nawait asyncio.sleep(1000)", "1", timeout=1, wall_factor=0.3)
    assert {"CancelledError", "CellTimeoutError"} <= set(names(wait))
    assert names(after) == ["execute_result"]


def test_packages_follow_the_source(tmp_path):
    source = tmp_path / "source" / "ps1"
    (source / "lib").mkdir(parents=True)
    cells = [
        "import numpy as np, scipy.stats\n%matplotlib inline\nfrom sklearn import svm",
        "try:\n    import google.colab\nexcept ImportError: pass",
        "def f():\n    from . import nothing\n    import helper, lib.more, json",
        "this is no Python",
        "%load_ext autoreload\n%run other.ipynb\npd = __import__('pandas')",
    ]
    (source / "ps1.ipynb").write_text(
        writes(new_notebook(cells=[new_code_cell(c, id=f"c{i}") for i, c in enumerate(cells)]))
    )
    (source / "broken.ipynb").write_text("{")
    (source / "helper.py").write_text("import seaborn")
    (source / "lib" / "more.py").write_text("x = 1")
    log = logging.getLogger("nbgrader")
    coursedir = CourseDirectory(root=str(tmp_path), assignment_id="ps1")
    kernel = course_kernel(["ipywidgets"], coursedir, log)
    imported = {"ipywidgets", "nbformat", "numpy", "pandas", "scikit-learn", "scipy", "seaborn"}
    assert set(kernel.packages) - {"jinja2", "lxml", "openpyxl", "tabulate"} == imported  # pandas itself imports these
    assert {"ipywidgets", "scipy.stats", "sklearn.svm", "seaborn"} <= set(kernel.modules)


def test_an_import_of_the_source_that_is_not_installed_is_named_in_the_log(tmp_path, caplog):
    source = tmp_path / "source" / "ps1"
    source.mkdir(parents=True)
    (source / "helper.py").write_text("import nose.tools, autograder")
    course_kernel([], CourseDirectory(root=str(tmp_path), assignment_id="ps1"), logging.getLogger("nbgrader"))
    first, second = (record.getMessage() for record in caplog.records)
    assert first.startswith("helper.py imports nose: packages: expected an installed distribution, got 'nose'.")
    assert second.startswith("helper.py imports autograder: packages: expected packages for students")
    assert "\n" not in first + second


@pytest.mark.real_tools
def test_a_class_with_packages_and_a_wrong_name_for_one(tmp_path):
    example.make_course(tmp_path, {"ada": "import pandas as pd\n" + example.RIGHT, "bob": example.RIGHT})
    with (tmp_path / "source" / "ps1" / "helper.py").open("a") as helper:
        helper.write("import pandas\n")
    config = tmp_path / "nbgrader_config.py"
    config.write_text(config.read_text() + example.SANDBOXED)
    _, scores = example.autograde(tmp_path)
    assert scores["ada"] == scores["bob"]
    assert scores["ada"]["test_squares"] == 2
    config.write_text(config.read_text() + "c.SandboxedExecute.packages = ['pandsa']\n")
    with pytest.raises(CourseError, match=r"expected an installed distribution, got 'pandsa'\. Hint: pandas\?"):
        run_tool(tmp_path, "nbgrader", "autograde", "ps1", "--force")


@pytest.mark.real_tools
def test_an_assignment_in_another_language_is_refused_without_a_traceback(tmp_path, monkeypatch):
    monkeypatch.setitem(example.METADATA, "kernelspec", {"name": "ir", "display_name": "R", "language": "R"})
    example.make_course(tmp_path, {"ada": example.RIGHT}, example.SANDBOXED)
    command = [sys.executable, "-c", example.START, "nbgrader", "autograde", "ps1", "--create"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "autograder.errors.CourseError: kernel: expected Python, got 'R'. Hint: " in done.stderr
    assert 'File "' not in done.stderr


def test_modules_of_the_source_are_loaded_before_the_notebook():
    loaded = executor._zygote(Kernel(("scipy",), ("scipy.stats.norm", "no.such.module")), "")
    with StudentProcess(loaded, Limits(cell=30, submission=60, cpu=60), "", Deadline(60)) as session:
        session.start("", {})
        (_, (output,)), _ = session.run("import sys; 'scipy.stats' in sys.modules", 30)
    assert output["data"]["text/plain"] == "True"


def test_a_notebook_imports_what_it_put_on_the_path_itself(run):
    code = """
        import importlib.abc, importlib.machinery, os, sys, zipfile
        os.makedirs('mine'); open('mine/of_a_folder.py', 'w').write('v = 1')
        with zipfile.ZipFile('lib.zip', 'w') as z: z.writestr('of_an_archive.py', 'v = 2')
        class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
            def find_spec(self, name, path=None, target=None):
                return importlib.machinery.ModuleSpec(name, self) if name == 'of_a_finder' else None
            def exec_module(self, module): module.v = 3
        sys.path += ['mine', 'lib.zip']; sys.meta_path.append(Finder())
        import of_a_folder, of_an_archive, of_a_finder
        of_a_folder.v, of_an_archive.v, of_a_finder.v"""
    ((output,),) = run(code)
    assert output["data"]["text/plain"] == "(1, 2, 3)"


def test_a_notebook_finds_a_kernels_names_and_its_store(run):
    first, *_, last = run(
        "_, __, ___, _i, __spec__, 'open' in globals()", "y = [5]\n%store y\ndel y", "%store -r y", "y"
    )
    assert first[0]["data"]["text/plain"] == "('', '', '', '', None, True)"
    assert last[0]["data"]["text/plain"] == "[5]"


def test_a_name_that_is_no_module_has_no_spec(run):
    ((output,),) = run("import importlib.util as u; [u.find_spec(name) is None for name in ('torch', 'mine', 'json')]")
    assert output["data"]["text/plain"] == "[True, True, False]"


def test_exit_lets_its_cell_end_and_ends_the_notebook_soon_after(run):
    """A kernel ends a tenth of a second later."""
    called, _, late = run("exit()\n7", "import time; time.sleep(0.2)", "1")
    assert [o["data"]["text/plain"] for o in called] == ["7"]
    assert names(late) == ["DeadKernelError"]
