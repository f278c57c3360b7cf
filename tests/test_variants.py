"""What people and editors do to a notebook without touching an answer costs no answer a point.

Each variant is tried on one solution of the course, and on a notebook of A2 with mistakes whose loss must stay the same
too; `make audit` tries each on every solution.
"""

import ast
import functools
import json
import re

import nbformat
import pytest
from bundled import bundled_samples, bundled_suite
from patience import within

from autograder.assignment.samples import notebook_text, solved_cells
from autograder.authoring.seeds import seeds_from
from autograder.course import bundled_course
from autograder.intake.submissions import Submission
from autograder.judging.submission import grade_submission

COURSE = bundled_course()
SUITES = {name: within(bundled_suite(name)) for name in COURSE.names()}


@pytest.fixture(scope="module")
def points(tmp_path_factory, sandboxes):
    """points(assignment, data): every check's points for a notebook file of these bytes."""
    path = tmp_path_factory.mktemp("variants") / "submitted.ipynb"
    zygote = sandboxes.open({name: suite.handouts for name, suite in SUITES.items()})

    def of(name, data):
        path.write_bytes(data)
        result = grade_submission(Submission("ann", name, path), SUITES[name], zygote, seeds_from(b"secret"))
        assert result.status == "graded", result.reason
        return {c.id: c.points for q in result.questions for c in q.checks}

    return of


def bases(name):
    """Cells of the solution, and of a notebook with two mistakes in it."""
    wrong = [s for s in bundled_samples(name) if s.kind == "wrong"]
    return solved_cells(SUITES[name]), solved_cells(SUITES[name], wrong[3], wrong[-4])


@pytest.fixture(scope="module")
def clean(points):
    """clean(name, i): the cells of a base, and its points."""

    @functools.cache
    def of(name, i):
        cells = bases(name)[i]
        return cells, points(name, notebook_text(cells).encode())

    return of


def tried_on(variants):
    """pytest's parameters: (variant, name of the assignment, which of its bases)."""
    solutions = [(name, 0) for name in COURSE.names()]
    for k, variant in enumerate(variants):
        for base in (*solutions, ("a2_mlp_backprop", 1)):
            chosen = base in {solutions[k % len(solutions)], ("a2_mlp_backprop", 1)}
            marks = [] if chosen else [pytest.mark.exhaustive]
            yield pytest.param(variant, *base, marks=marks, id=f"{variant}, {base[0][:2]}{', mistakes' * base[1]}")


def answers(cells):
    """Positions of the cells that define something which is checked."""
    solutions = {c.name for suite in SUITES.values() for c in suite.cells if c.role == "solution"}
    return [i for i, (_, name, _) in enumerate(cells) if name in solutions]


def in_each_answer(change):
    """The variant that changes the source of each solution cell."""

    def variant(cells):
        places = answers(cells)
        return [(k, n, change(s) if i in places else s) for i, (k, n, s) in enumerate(cells)]

    return variant


def with_own_cells(source):
    """The variant with a student's own code cell before and after each answer."""

    def variant(cells):
        places = answers(cells)
        made = []
        for i, cell in enumerate(cells):
            own = [("code", f"own-{i}-{k}", source) for k in (0, 1)] if i in places else []
            made += [*own[:1], cell, *own[1:]]
        return made

    return variant


# --- Cells ----------------------------------------------------------------------------------------


def answers_in_reverse_order(cells):
    places = answers(cells)
    made = list(cells)
    for i, j in zip(places, reversed(places), strict=True):
        made[i] = cells[j]
    return made


def text_first(cells):
    return sorted(cells, key=lambda cell: cell[0] == "code")


def figures_and_checks_last(cells):
    """All that defines something first, as somebody does who wants the answers on one page."""
    first = {*answers(cells), *(i for i, (_, name, _) in enumerate(cells) if name.startswith("setup"))}
    order = sorted(range(len(cells)), key=lambda i: i not in first)
    return [cells[i] for i in order]


def split(cells):
    """A cell for each definition."""
    made = []
    for i, (kind, name, source) in enumerate(cells):
        if i not in answers(cells):
            made.append((kind, name, source))
            continue
        starts = [
            min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            for node in ast.parse(source).body
        ]
        lines = source.splitlines()
        for start, stop in zip([1, *starts[1:]], [*starts[1:], len(lines) + 1], strict=True):
            made.append((kind, f"{name}-{start}", "\n".join(lines[start - 1 : stop - 1])))
    return made


def merged(cells):
    """All code in one cell, checks and figures too."""
    return [
        *(cell for cell in cells if cell[0] != "code"),
        ("code", "all", "\n\n".join(source for kind, _, source in cells if kind == "code")),
    ]


def merged_two_by_two(cells):
    places = answers(cells)
    made = list(cells)
    for i, j in zip(places[::2], places[1::2], strict=False):
        made[i] = (*made[i][:2], f"{made[i][2]}\n\n{made[j][2]}")
        made[j] = (*made[j][:2], "")
    return made


def defined_twice(cells):
    """A first try above each answer; the last definition counts."""

    def first_try(source):
        names = [n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
        return "\n".join(f"def {name}(*args, **kwargs):\n    return 0.0\n" for name in names)

    places = answers(cells)
    made = []
    for i, cell in enumerate(cells):
        made += [("code", f"first-try-{i}", first_try(cell[2])), cell] if i in places else [cell]
    return made


def without_checks_figures_and_text(cells):
    return [cell for i, cell in enumerate(cells) if i in answers(cells) or cell[1].startswith("setup")]


def figures_that_raise(cells):
    figures = {c.name for suite in SUITES.values() for c in suite.cells if c.role == "figure"}
    return [(k, n, f"{s}\nraise RuntimeError('no display')" if n in figures else s) for k, n, s in cells]


def answers_below_a_line_that_raises(cells):
    return in_each_answer(lambda source: f"print(what_is_no_longer_there)\n{source}")(cells)


CELLS = {
    "as it is": lambda cells: cells,
    "answers in reverse order": answers_in_reverse_order,
    "text first": text_first,
    "figures and checks last": figures_and_checks_last,
    "split": split,
    "merged": merged,
    "merged two by two": merged_two_by_two,
    "defined twice": defined_twice,
    "answers only": without_checks_figures_and_text,
    "figures that raise": figures_that_raise,
    "answers below a line that raises": answers_below_a_line_that_raises,
    "cells of their own": with_own_cells("scratch = np.arange(3)\nscratch.sum()"),
    "cells that raise": with_own_cells("1 / 0"),
    "cells of broken syntax": with_own_cells("def unfinished(:"),
    "empty cells": with_own_cells(""),
    "plots": with_own_cells("plt.plot([1, 2], [3, 4])\nplt.show()"),
    "prints": in_each_answer(lambda source: f"{source}\nprint('x' * 1000)"),
    "input() in cells of its own": with_own_cells("answer = input('Ready? ')"),
    "input() below an answer": in_each_answer(lambda source: f"{source}\n\ninput('press Enter')"),
    "input() above an answer": in_each_answer(lambda source: f"input('press Enter')\n\n{source}"),
    "sys.exit() below an answer": in_each_answer(lambda source: f"{source}\n\nimport sys\nsys.exit()"),
    "line magics": in_each_answer(lambda source: f"%matplotlib inline\n{source}\n%timeit -n1 -r1 1 + 1"),
    "commands": in_each_answer(lambda source: f"!pip install numpy\n{source}\nfiles = !ls"),
    "%%time": in_each_answer(lambda source: f"%%time\n{source}"),
    "%%capture": in_each_answer(lambda source: f"%%capture out\n{source}"),
    "help": in_each_answer(lambda source: f"{source}\n\nnp.sum?"),
    "a package that is not there": in_each_answer(lambda source: f"import pandas as pd\n{source}"),
    "global names changed": with_own_cells("x = X = y = w = W = f = g = grad = params = lr = rng = n = None"),
    "seeds set": with_own_cells("import random\nrandom.seed(1)\nnp.random.seed(1)"),
    "numpy told to raise": with_own_cells("np.seterr(all='raise')"),
    "numpy told to print otherwise": with_own_cells("np.set_printoptions(precision=2, suppress=True, threshold=3)"),
    "warnings made errors": with_own_cells("import warnings\nwarnings.simplefilter('error')"),
    "warnings off": with_own_cells("import warnings\nwarnings.filterwarnings('ignore')"),
    "a style of their own": with_own_cells("plt.style.use('dark_background')\nplt.rcParams['figure.dpi'] = 30"),
    "another folder": with_own_cells("import os\nos.chdir('/')"),
    "tabs for spaces": in_each_answer(
        lambda source: re.sub(r"(?m)^( {4})+", lambda m: "\t" * (len(m[0]) // 4), source)
    ),
}


@pytest.mark.parametrize(("variant", "name", "i"), list(tried_on(CELLS)))
def test_what_people_do_to_cells_costs_no_answer(points, clean, variant, name, i):
    cells, expected = clean(name, i)
    made = [(kind, f"cell-{i}", source) for i, (kind, _, source) in enumerate(CELLS[variant](cells))]
    assert variant == "as it is" or [c[2] for c in made] != [c[2] for c in cells]
    assert points(name, notebook_text(made).encode()) == expected


# --- Files ----------------------------------------------------------------------------------------


def document(cells):
    return json.loads(notebook_text(cells))


def saved(made):
    return json.dumps(made).encode()


def of_minor_version(minor):
    def variant(cells):
        made = document(cells)
        made["nbformat_minor"] = minor
        if minor < 5:
            for cell in made["cells"]:
                del cell["id"]
        nbformat.validate(made)
        return saved(made)

    return variant


def with_outputs(cells):
    """As after a run, with everything an output can be."""
    made = document(cells)
    for number, cell in enumerate((c for c in made["cells"] if c["cell_type"] == "code"), 1):
        cell["execution_count"] = number
        cell["outputs"] = [
            {"output_type": "stream", "name": "stderr", "text": ["a warning\n"]},
            {"output_type": "display_data", "data": {"image/png": "aGVsbG8="}, "metadata": {}},
            {"output_type": "error", "ename": "ValueError", "evalue": "x", "traceback": ["\x1b[31mValueError"]},
        ]
    nbformat.validate(made)
    return saved(made)


def stripped(cells):
    """As some editors leave it: no ids, no metadata, no outputs, no counts."""
    made = document(cells)
    made["metadata"] = {}
    for cell in made["cells"]:
        del cell["id"]
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
        cell["metadata"] = {}
    return saved(made)


def with_other_metadata(cells):
    made = document(cells)
    made["metadata"] = {
        "colab": {"provenance": []},
        "kernelspec": {"display_name": "Python [conda env:ml]", "language": "python", "name": "conda-env-ml-py"},
        "language_info": {"name": "python", "version": "3.9.1"},
    }
    for i, cell in enumerate(made["cells"]):
        cell["id"] = f"Xy-{i}_z"
        cell["metadata"] = {"collapsed": True, "tags": ["skip"], "colab": {"base_uri": "https://example.org"}}
    return saved(made)


def sources_as_text(cells):
    made = document(cells)
    for cell in made["cells"]:
        cell["source"] = "".join(cell["source"])
    return saved(made)


def windows_lines_inside(cells):
    return saved(document([(kind, name, source.replace("\n", "\r\n")) for kind, name, source in cells]))


FILES = {
    **{f"nbformat 4.{minor}": of_minor_version(minor) for minor in range(6)},
    "nbformat 4.9, not yet known": lambda cells: saved({**document(cells), "nbformat_minor": 9}),
    "with outputs": with_outputs,
    "stripped": stripped,
    "other metadata and ids": with_other_metadata,
    "sources as text": sources_as_text,
    "CRLF in the file": lambda cells: notebook_text(cells).replace("\n", "\r\n").encode(),
    "CRLF in the cells": windows_lines_inside,
    "BOM": lambda cells: b"\xef\xbb\xbf" + notebook_text(cells).encode(),
    "on one line": lambda cells: saved(document(cells)),
    "escaped": lambda cells: json.dumps(document(cells), ensure_ascii=True, indent=4).encode(),
}


@pytest.mark.parametrize(("variant", "name", "i"), list(tried_on(FILES)))
def test_how_an_editor_saves_costs_no_answer(points, clean, variant, name, i):
    cells, expected = clean(name, i)
    assert points(name, FILES[variant](cells)) == expected
