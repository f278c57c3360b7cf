"""Rows T and M: notebooks that were edited, and files that are none. Read as data, refused by name, or graded as is."""

import json
import os
import time

import pytest
from attacks.arena import RIGHT, SECRET, WRONG, outcomes, sources

from autograder.assignment.source import released_check
from autograder.authoring.seeds import seeds_from
from autograder.intake.submissions import Submission, find_submissions
from autograder.judging.submission import grade_submission

BIDI = "\u202e"


def cell(source, **fields):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None, **fields}


def cells(**where):
    return [cell(s, id=f"c{i}") for i, s in enumerate(sources(**where))]


def document(*cells, **fields):
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **fields}


@pytest.fixture
def graded(arena, tmp_path):
    """Grade a document, or bytes, as a file of that name; then the honest notebook again."""

    def of(content, name="arena.ipynb"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        began = time.monotonic()
        result = grade_submission(Submission("mallory", "arena", path), arena.suite, arena.zygote, seeds_from(SECRET))
        assert time.monotonic() - began < arena.suite.settings.limits.submission_seconds + 60
        assert arena.attack().score == 15
        return result

    return of


# --- T: the released cells, their ids and metadata ---------------------------------------------------------------------


def test_t1_public_checks_that_were_edited_or_deleted_are_still_put_and_flagged(arena, graded):
    released = [cell(released_check(c.source)) for c in arena.suite.cells if c.role == "check"]
    whole = graded(document(*cells(answer=WRONG), *released))
    assert not [f for f in whole.flags if f.kind == "checks_changed"]
    edited = [cell("assert True  # " + r["source"].partition("\n")[0]) for r in released]
    for tampered in (document(*cells(answer=WRONG), *edited), document(*cells(answer=WRONG)), document(*edited)):
        result = graded(tampered)
        assert outcomes(result)["q1.example"] != "pass"
        assert any(f.kind == "checks_changed" for f in result.flags)


def test_t1_checks_in_another_order_change_nothing(arena, graded):
    released = [cell(released_check(c.source)) for c in arena.suite.cells if c.role == "check"]
    assert graded(document(*reversed(released), *cells())).score == 15


@pytest.mark.parametrize(
    "metadata",
    [
        {"nbgrader": {"grade": True, "grade_id": "q1", "points": 1000, "solution": False, "locked": False}},
        {"nbgrader": {"grade": True, "grade_id": "q1", "points": float(10**300), "schema_version": "x"}},
        {"tags": ["remove-cell", "skip-execution", "raises-exception"], "points": -5},
        {"otter": {"tests": ["q1"], "points": [100]}},
        {"deletable": True, "editable": False, "jupyter": {"source_hidden": True}},
        {"nbgrader": [1, 2, 3]},
    ],
)
def test_t2_metadata_gives_and_takes_no_points(graded, metadata):
    wrong = [{**c, "metadata": metadata} for c in cells(answer=WRONG)]
    right = [{**c, "metadata": metadata} for c in cells()]
    assert (graded(document(*wrong)).score, graded(document(*right)).score) == (5, 15)


def test_t3_two_cells_of_one_id_both_run_and_gain_nothing(graded):
    """As in Jupyter, which gives the second another id: the order of the cells decides, and no cell counts twice."""
    double = cell("def double(x):\n    return 2 * x", id="q2")
    imports = cell("import numpy as np", id="q1")
    wrong_last = graded(document(imports, cell(RIGHT, id="q1"), cell(WRONG, id="q1"), double))
    right_last = graded(document(imports, cell(WRONG, id="q1"), cell(RIGHT, id="q1"), double))
    assert (wrong_last.score, right_last.score) == (5, 15)


def test_t4_what_stands_in_a_markdown_or_raw_cell_is_not_run(graded):
    hidden = [{"cell_type": kind, "metadata": {}, "source": RIGHT, "id": kind} for kind in ("markdown", "raw")]
    assert graded(document(*cells(answer=WRONG), *hidden)).score == 5


def test_t5_a_name_inside_the_notebook_is_not_the_students(graded):
    claimed = document(*cells(last="student = 'ada'"), metadata={"authors": [{"name": "ada"}], "student": "ada"})
    assert graded(claimed, "ada.ipynb").student == "mallory"


@pytest.mark.parametrize("name", ["ada.ipynb", "Ada.ipynb", "arena-ada (1).ipynb", "ada_arena.ipynb"])
def test_t5_a_file_in_another_students_name_is_graded_and_flagged(arena, tmp_path, name):
    for student in ("ada", "mallory", "ma"):
        folder = tmp_path / student / "arena"
        folder.mkdir(parents=True)
        file = name if student == "mallory" else "arena.ipynb"
        folder.joinpath(file).write_text(json.dumps(document(*cells())))
    flags = {}
    for submission in find_submissions(tmp_path, ["arena"]):
        result = grade_submission(submission, arena.suite, arena.zygote, seeds_from(SECRET))
        assert (result.student, result.score) == (submission.student, 15)
        flags[result.student] = [str(f) for f in result.flags if f.kind == "named_after"]
    assert flags == {"ada": [], "ma": [], "mallory": ["the file is named after another student: ada"]}


def test_t7_saved_outputs_are_not_read(graded):
    output = {"output_type": "stream", "name": "stdout", "text": "15/15 passed"}
    assert graded(document(*[{**c, "outputs": [output] * 50} for c in cells(answer=WRONG)])).score == 5


@pytest.mark.parametrize(
    "magic",
    ["%%javascript\nalert(1)", "%%bash\ntouch /tmp/x", "!touch /tmp/x", "%load_ext autoreload", "%run other.ipynb",
     "%%writefile results.json\n{}", "%%python\nprint(1)", "%sx ls", "get_ipython().system('true')", "%%html\n<b>"],
)  # fmt: skip
def test_t8_magics_run_nothing_and_cost_nothing(arena, magic):
    assert arena.attack(last=magic).score == 15


def test_t9_markers_of_solutions_mean_nothing_in_a_submission(graded):
    inside = RIGHT.replace("    return", "    # END SOLUTION\n    ### END SOLUTION\n    # BEGIN SOLUTION\n    return")
    assert graded(document(*cells(answer=inside))).score == 15


# --- M: files ----------------------------------------------------------------------------------------------------------

MALFORMED = {
    "M1 empty": b"",
    "M1 bad JSON": b"{",
    "M1 null": b"null",
    "M1 a list": b"[]",
    "M2 deep": b'{"cells":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "M3 latin-1": '{"cells": "é"}'.encode("latin-1"),
    "M3 UTF-16": json.dumps(document()).encode("utf-16"),
    "M3 NUL bytes": b"\0" * 1000,
    "M5 above the cap": b'{"cells": [], "nbformat": 4, "x": "' + b"x" * (21 << 20) + b'"}',
    "M5 20 000 cells": document(*[cell("")] * 20_000),
    "M6 a dict as source": document(cell({"a": 1})),
    "M7 NaN for the cells": b'{"cells": NaN, "nbformat": 4}',
    "M7 a long integer as version": b'{"cells": [], "nbformat": ' + b"9" * 10_000 + b"}",
    "M8 version 3": document(nbformat=3),
    "M8 version 99": document(nbformat=99),
    "M8 another language": document(metadata={"kernelspec": {"language": "R", "name": "ir", "display_name": "R"}}),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_file_that_is_no_notebook_is_refused_with_a_reason_and_the_next_is_graded(graded, name):
    result = graded(MALFORMED[name])
    assert (result.status, result.score) == ("malformed", 0)
    assert result.reason
    assert "\n" not in result.reason
    assert "Traceback" not in result.reason


def test_m4_lone_surrogates_are_graded_and_written(graded):
    bad = document(*cells(first="x = '\ud800'"), cell("raise ValueError('\ud800\ud801')", id="z"))
    result = graded(json.dumps(bad).encode())
    assert result.score == 15
    assert result.to_json().encode()


@pytest.mark.parametrize("name", ["-rf.ipynb", "a\nb.ipynb", "x" * 200 + ".ipynb", BIDI + "gpj.ipynb", "CON.ipynb", "$(id).ipynb", "%s.ipynb"])  # fmt: skip
def test_m9_a_file_name_is_never_a_path_an_option_or_shown_raw(graded, name):
    result = graded(document(*cells()), name)
    assert result.score == 15
    assert name.removesuffix(".ipynb") not in result.to_json()


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "device link"])
def test_m10_what_is_not_a_regular_file_is_refused_without_opening_it(arena, tmp_path, kind):
    path = tmp_path / "x.ipynb"
    match kind:
        case "link":
            path.symlink_to("/etc/passwd")
        case "device link":
            path.symlink_to("/dev/zero")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
    result = grade_submission(Submission("mallory", "arena", path), arena.suite, arena.zygote, seeds_from(SECRET))
    assert (result.status, result.score) == ("malformed", 0)


def test_m13_and_m14_attachments_and_metadata_are_not_parsed(graded):
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><svg>&b;</svg>"
    text = {
        "cell_type": "markdown",
        "metadata": {"yaml": "&a [*a, *a]"},
        "source": "![x](attachment:../../x)",
        "id": "m",
    }
    text["attachments"] = {"../../../etc/cron.d/x": {"image/svg+xml": bomb}}
    assert graded(document(*cells(), text)).score == 15


def test_m15_a_broken_cell_costs_what_it_defines(arena):
    assert arena.attack(first="def half(:\n", last="1 / 0").score == 15
    assert arena.attack(answer="def mean_square(x):\n    return (").score == 5


@pytest.mark.parametrize(
    "source", ["x = " + "(" * 90_000, "x = " + "-" * 90_000 + "1", "x = [" + "1,\n" * 60_000 + "]", "x = " + "1+" * 90_000 + "1"]
)  # fmt: skip
def test_m16_a_cell_that_is_hard_to_compile_costs_itself(arena, source):
    assert arena.attack(last=source).score == 15


def test_m17_two_notebooks_none_or_one_of_another_name(tmp_path):
    for student, names in {"two": ["a.ipynb", "b.ipynb"], "none": [], "renamed": ["my homework (1).ipynb"]}.items():
        folder = tmp_path / student / "arena"
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_text("{}")
    none, renamed, two = find_submissions(tmp_path, ["arena"])
    assert none.notebook is None
    assert renamed.notebook is not None
    assert two.malformed
    assert "'a.ipynb', 'b.ipynb'" in two.problem
