"""An nbgrader course in the shape of nbgrader's own example, and submissions of every odd kind, graded by `nbgrader`."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from autograder.interop.tools import _START as START
from autograder.interop.tools import run_tool

SANDBOXED = 'c.Autograde.exporter_class = "autograder.interop.executor.SandboxedNotebookExporter"\n'
SETUP = "import helper\nimport numpy as np\nimport matplotlib.pyplot as plt\n%matplotlib inline"
RIGHT = "def squares(n):\n    if n < 1: raise ValueError('n must be at least 1')\n    return [i ** 2 for i in range(1, n + 1)]"
METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}
# A student's answer to `squares`, or a whole cell. Scores must be those of a Jupyter kernel.
ODD = {
    "right": RIGHT,
    "nothing": "def squares(n):\n    raise NotImplementedError()",
    "wrong": "def squares(n):\n    return [0] * n",
    "no_error_for_zero": "def squares(n):\n    return [i ** 2 for i in range(1, n + 1)]",
    "syntax": "def squares(n):\n    return [",
    "raises_while_run": RIGHT + "\n1 / 0",
    "exit": RIGHT + "\nimport sys; sys.exit(1)",
    "stderr": RIGHT.replace("    return", "    import sys; print('hm', file=sys.stderr)\n    return"),
    "warning": RIGHT.replace("    return", "    import warnings; warnings.warn('hm')\n    return"),
    "prints": RIGHT.replace("    return", "    print(n)\n    return"),
    "asks": RIGHT + "\nname = input('who? ')",
    "plots": RIGHT + "\nplt.plot(squares(5)); plt.show()\nplt.plot([1])",
    "html": RIGHT + "\nfrom IPython.display import HTML, display\ndisplay(HTML('<b>1</b>'), 3)",
    "reads_and_writes": RIGHT
    + "\nassert open('data.txt').read() == '1 4 9'\nopen('mine.txt', 'w').write('x')\nimport os; os.chdir('/tmp')",
    "magics": "%load_ext autoreload\n%time x = 1\n" + RIGHT + "\n!echo hello\n%timeit -n1 -r1 squares(2)",
    "last_value": RIGHT + "\nsquares(3)\n_",
    "array": "def squares(n):\n    if n < 1: raise ValueError\n    return list(np.arange(1, n + 1) ** 2)",
    "never_ends": "def squares(n):\n    while True: pass",
    "shadows": RIGHT + "\nopen = print = list = 5",
    "long_output": RIGHT + "\nprint('x' * 100_000)",
    "catches_all": "def squares(n):\n    try:\n        return [i ** 2 for i in range(1, n + 1)]\n    except BaseException: pass",
    "keyboard": "def squares(n):\n    raise KeyboardInterrupt",
    "patched": "import builtins\nbuiltins.AssertionError = type('E', (Exception,), {})\n"
    + RIGHT.replace("** 2", "* 2"),
    "partial": RIGHT + "\nhalf = True",
    "unicode": "# ∂L/∂w — größer\n" + RIGHT,
    "async": "async def f(): return 1\n" + RIGHT,
    "awaits": RIGHT + "\nimport asyncio\nawait asyncio.sleep(0)\nready = 1",
    "threads": RIGHT + "\nimport threading\nt = threading.Thread(target=print, args=(1,)); t.start(); t.join()",
    "classes": "class S:\n    def __call__(self, n):\n        if n < 1: raise ValueError\n        return [i * i for i in range(1, n + 1)]\nsquares = S()",
}
# Where a kernel and the sandbox differ by their nature, and why.
DIFFERS = {
    "ends_the_kernel": (RIGHT + "\nimport os; os._exit(0)", "nbgrader grades nothing of it; here the cells before keep theirs"),
}  # fmt: skip


def _graded(name, source, points):
    fields = {
        "grade": True,
        "grade_id": name,
        "locked": True,
        "points": points,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    return new_code_cell(source, id=name, metadata={"nbgrader": fields})


def notebook(answer):
    """The assignment with an answer in it: squares, its error, its type, a value that is partial credit."""
    solution = {
        "grade": False,
        "grade_id": "squares",
        "locked": False,
        "schema_version": 3,
        "solution": True,
        "task": False,
    }
    cells = [
        new_markdown_cell("# Problem set 1", id="title"),
        new_code_cell(SETUP, id="setup"),
        new_code_cell(answer, id="squares", metadata={"nbgrader": solution}),
        _graded(
            "test_squares",
            "assert squares(1) == [1]\nassert squares(10)[-1] == 100\nassert helper.small(squares(2))",
            2,
        ),
        _graded(
            "test_error",
            "try:\n    squares(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('no error')",
            3,
        ),
        _graded("test_partial", "2.5 if 'half' in globals() else np.float64(4)", 5),
        _graded("test_warns", "import warnings\nwarnings.warn('a test that warns')", 1),
        _graded("test_prints", "print('ok'); squares(3)", 1),
    ]
    return new_notebook(cells=cells, metadata=METADATA)


def both(root, make):
    """{"kernel": scores, "sandbox": scores} of a course that `make(folder)` makes once."""
    make(root / "kernel")
    shutil.copytree(root / "kernel", root / "sandbox")
    with (root / "sandbox" / "nbgrader_config.py").open("a") as file:
        file.write(SANDBOXED)
    return {kind: autograde(root / kind)[1] for kind in ("kernel", "sandbox")}


def make_course(root, answers, config=""):
    """Source, release and submissions of a course in `root`."""
    source = root / "source" / "ps1"
    source.mkdir(parents=True)
    source.joinpath("ps1.ipynb").write_text(writes(notebook("### BEGIN SOLUTION\n" + RIGHT + "\n### END SOLUTION")))
    source.joinpath("helper.py").write_text("def small(values): return max(values) < 1000\n")
    source.joinpath("data.txt").write_text("1 4 9")
    (root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Execute.timeout = 60\nc.SandboxedExecute.timeout = 60\n{config}"
    )
    run_tool(root, "nbgrader", "generate_assignment", "ps1", "--create")
    for student, answer in answers.items():
        folder = root / "submitted" / student / "ps1"
        shutil.copytree(source, folder)
        folder.joinpath("ps1.ipynb").write_text(writes(notebook(answer)))


def autograde(root, assignment="ps1"):
    """Seconds, and {student: {cell: score}} as the gradebook has it; a submission that failed has no scores.

    As an instructor runs it: warnings are on, and score 0 where a test cell shows one.
    """
    began = time.monotonic()
    command = [sys.executable, "-c", START, "nbgrader", "autograde", assignment, "--create", "--force"]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONWARNINGS"}
    subprocess.run(command, cwd=root, capture_output=True, check=False, env=environment, timeout=1200)
    return time.monotonic() - began, scores(root / "gradebook.db")


def scores(database):
    """{student: {cell: automatic score}}."""
    query = """
        select submitted_assignment.student_id, base_cell.name, grade.auto_score from grade
        join base_cell on base_cell.id = grade.cell_id
        join submitted_notebook on submitted_notebook.id = grade.notebook_id
        join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    """
    found = {}
    with sqlite3.connect(database) as connection:
        for student, cell, score in connection.execute(query):
            found.setdefault(student, {})[cell] = score
    connection.close()
    return found
