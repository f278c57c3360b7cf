"""The traces that editors leave in a notebook: each function takes a notebook as JSON and gives it back as saved there.

Made after files that these editors wrote. A trace changes no answer.
"""

import json
import subprocess
import sys
import uuid

PYTHON = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def code(source, **fields):
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source} | fields


def text(source, **fields):
    return {"cell_type": "markdown", "metadata": {}, "source": source} | fields


def source_of(cell):
    return "".join(cell["source"])


def colab(notebook):
    """Ids in the metadata, forms, a mounted drive, an installed package, empty cells, traces of each run."""
    cells = [text('<a href="https://colab.research.google.com/x"><img src="y" alt="Open In Colab"/></a>')]
    cells.append(code("from google.colab import drive\ndrive.mount('/content/drive')"))
    cells.append(code("!pip install -q otter-grader"))
    for cell in notebook["cells"]:
        cell["metadata"] |= {"id": cell.pop("id")}
        if cell["cell_type"] == "code":
            run = {"status": "ok", "timestamp": 1796000000000, "user_tz": -60, "elapsed": 4, "user": {"userId": "1"}}
            cell["metadata"] |= {"executionInfo": run, "outputId": str(uuid.uuid4()), "cellView": "form"}
            cell["metadata"] |= {"colab": {"base_uri": "https://localhost:8080/"}}
            cell["source"] = f'#@title Run me {{ display-mode: "form" }}\n{source_of(cell)}'
        cells += [cell, code("", metadata={"id": str(uuid.uuid4())[:12]})]
    metadata = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3"},
        "accelerator": "GPU",
    }
    return notebook | {
        "cells": cells,
        "metadata": metadata | {"language_info": {"name": "python"}},
        "nbformat_minor": 0,
    }


def vscode(notebook):
    """New ids, language ids, Windows' line ends."""
    for cell in notebook["cells"]:
        cell |= {"id": uuid.uuid4().hex[:8], "source": source_of(cell).replace("\n", "\r\n")}
        cell["metadata"] |= {"vscode": {"languageId": "python" if cell["cell_type"] == "code" else "markdown"}}
    info = {"name": "python", "version": "3.11.7", "pygments_lexer": "ipython3", "nbconvert_exporter": "python"}
    return notebook | {"metadata": {"kernelspec": PYTHON | {"display_name": ".venv"}, "language_info": info}}


def jupyterlab(notebook):
    """Cells in another layout, made by a formatter, with times of their runs, and a split-off call of each check."""
    cells = []
    for cell, source in zip(notebook["cells"], formatted(notebook["cells"], quote="single", width=70), strict=True):
        cell |= {"source": source.splitlines(keepends=True)}
        cell["metadata"] |= {"trusted": True, "tags": [], "ExecuteTime": {"end_time": "2026-11-28T10:00:00"}}
        cell["metadata"] |= {"execution": {"iopub.status.busy": "2026-11-28T10:00:00Z"}, "scrolled": True}
        cells.append(cell)
        lines = source.splitlines()
        if lines and lines[0].startswith("def test_") and lines[-1].startswith("test_"):
            cell["source"] = "\n".join(lines[:-1])
            cells.append(code(lines[-1], id=uuid.uuid4().hex[:8]))
    return notebook | {
        "cells": cells,
        "metadata": {"kernelspec": PYTHON, "toc": {"base_numbering": 1}, "varInspector": {}},
    }


def formatted(cells, quote, width):
    """The sources, code laid out by a formatter."""
    return [_laid_out(source_of(c), quote, width) if c["cell_type"] == "code" else source_of(c) for c in cells]


def _laid_out(source, quote, width):
    if not source.startswith("def test_"):
        return source
    options = ["--line-length", str(width), "--config", f'format.quote-style="{quote}"', "-"]
    command = [sys.executable, "-m", "ruff", "format", "--isolated", *options]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout.rstrip()


def deepnote(notebook):
    """Hashes and times, ids of its own, and a last cell that says where the notebook was made."""
    for cell in notebook["cells"]:
        cell["metadata"] |= {"cell_id": cell.pop("id"), "source_hash": "1a2b3c4d", "execution_start": 1796000000000}
        cell["metadata"] |= {"deepnote_cell_type": cell["cell_type"], "deepnote_to_be_reexecuted": False}
    made = text("<a style='text-decoration:none' href='https://deepnote.com'>Created in <b>Deepnote</b></a>")
    metadata = {"deepnote": {}, "deepnote_notebook_id": uuid.uuid4().hex, "deepnote_execution_queue": []}
    return notebook | {"cells": [*notebook["cells"], made], "metadata": metadata, "nbformat_minor": 2}


def kaggle(notebook):
    """Its first cell, which reads a folder that is not here; ids in the metadata; a scratch cell at the end."""
    first = "import pandas as pd\nimport os\nfor d, _, names in os.walk('/kaggle/input'):\n    print(d, names)"
    cells = [code(first, metadata={"_uuid": "8f2839f25d086af736a60e9eeb907d3b93b6e0e5", "_cell_guid": "b1076dfc"})]
    for cell in notebook["cells"]:
        del cell["id"]
        cell["metadata"] |= {"trusted": True, "execution": {"iopub.status.busy": "2026-11-28T10:00:00Z"}}
    scratch = [code("import scipy.optimize\nprint('compared with scipy')"), code("print(1 + 1)"), code("   ")]
    metadata = {"kaggle": {"accelerator": "none", "dataSources": [], "isInternetEnabled": True}, "kernelspec": PYTHON}
    return notebook | {"cells": cells + notebook["cells"] + scratch, "metadata": metadata, "nbformat_minor": 4}


def dataspell(notebook):
    """Names of cells, collapsed cells, check cells laid out for wide screens."""
    for cell, source in zip(notebook["cells"], formatted(notebook["cells"], quote="double", width=200), strict=True):
        cell["source"] = source
        cell["metadata"] |= {"collapsed": False, "pycharm": {"name": "#%%\n"}, "jupyter": {"outputs_hidden": False}}
        cell["id"] = uuid.uuid4().hex[:16]
    return notebook | {"metadata": {"kernelspec": PYTHON, "pycharm": {"stem_cell": {}}}}


def cocalc(notebook):
    """Metadata of its own, numbers in the place of ids, and its own kernel."""
    for number, cell in enumerate(notebook["cells"]):
        cell |= {"id": f"{number:06x}"}
        cell["metadata"] |= {"cocalc": {"outputs": {}}, "hide_input": False, "collapsed": False}
    kernel = {"display_name": "Python 3 (system-wide)", "language": "python", "name": "python3", "metadata": {}}
    return notebook | {"metadata": {"kernelspec": kernel, "cocalc": {"version": 1}, "hide_input": False}}


def without_text(notebook):
    """No editor: a student's own habits. The text is gone but for the answers, cells ran in any order, outputs stay."""
    cells = [c for c in notebook["cells"] if c["cell_type"] == "code" or "nbgrader" in c["metadata"]]
    for number, cell in enumerate(c for c in cells if c["cell_type"] == "code"):
        cell["execution_count"] = 97 - number
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["9.99\n"]}]
    return notebook | {"cells": cells}


EDITORS = (colab, vscode, jupyterlab, deepnote, kaggle, dataspell, cocalc, without_text)


def saved_by(editor, notebook):
    """The text of the file. The notebook that was given stays as it is."""
    return json.dumps(editor(json.loads(json.dumps(notebook))))
