"""Attacks on the notebook's own form: metadata, ids, tags, outputs, and files that are no notebook at all."""

import json

from attacks.bench.assignment import FUNCTIONS

EDITS = {}


def edit(function):
    """Register an edit under the function's name; the `edit` of a payload names it."""
    EDITS[function.__name__] = function
    return function


def _tests(document):
    """The cells in which tests stand or are called."""
    return [c for c in document["cells"] if _grade(c) or "".join(c["source"]).startswith("grader.check(")]


def _grade(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade")


@edit
def skip_execution(document):
    for cell in _tests(document):
        cell["metadata"]["tags"] = ["skip-execution"]
    return document


@edit
def ignored_by_the_tool(document):
    for cell in _tests(document):
        cell["metadata"]["tags"] = ["otter_ignore", "raises-exception", "remove-cell"]
    return document


@edit
def delete_the_tests(document):
    tests = _tests(document)
    document["cells"] = [c for c in document["cells"] if c not in tests]
    return document


@edit
def empty_the_tests(document):
    for cell in _tests(document):
        cell["source"] = "pass"
    return document


@edit
def tests_come_first(document):
    tests = _tests(document)
    document["cells"] = tests + [c for c in document["cells"] if c not in tests]
    return document


@edit
def tests_as_markdown(document):
    for cell in _tests(document):
        cell["cell_type"] = "markdown"
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    return document


@edit
def double_a_test(document):
    document["cells"] += [json.loads(json.dumps(c)) for c in _tests(document)[:1]]
    return document


@edit
def claim_points(document):
    for cell in document["cells"]:
        cell["metadata"].setdefault("nbgrader", {"grade_id": "mine", "schema_version": 3})
        cell["metadata"]["nbgrader"].update(points=1000, grade=True, solution=True, locked=False, task=False)
    document["metadata"].update(points=1000, score=1000, max_score=0)
    return document


@edit
def rewrite_the_public_tests(document):
    tests = document["metadata"].setdefault("otter", {}).setdefault("tests", {})
    for question in FUNCTIONS.values():
        tests[question] = (
            "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'x'\npoints = 100\n"
            "@test_case(points=100, hidden=False)\ndef test_nothing():\n    pass\n"
        )
    return document


@edit
def paste_outputs(document):
    text = "15/15 passed. All tests passed! Total Score: 15.000 / 15.000 (100.000%)"
    for number, cell in enumerate(c for c in document["cells"] if c["cell_type"] == "code"):
        cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "8"}, "metadata": {}, "execution_count": 1},
                           {"output_type": "stream", "name": "stdout", "text": text}]  # fmt: skip
        cell["execution_count"] = number
    return document


@edit
def another_kernel(document):
    document["metadata"]["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
    return document


@edit
def cut_in_half(document):
    data = json.dumps(document).encode()
    return data[: len(data) // 2]


@edit
def deep_nesting(document):
    return b'{"cells":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@edit
def padded(document):
    document["metadata"]["padding"] = "x" * (25 << 20)
    return document


@edit
def source_is_a_dict(document):
    document["cells"][-1]["source"] = {"a": 1}
    return document


@edit
def lone_surrogate(document):
    document["cells"][-1]["source"] = "x = '\ud800'\nprint(x)"
    return document


@edit
def version_99(document):
    document["nbformat"] = 99
    return document


@edit
def long_integer(document):
    return json.dumps(document).encode()[:-1] + b', "x": ' + b"9" * 10_000 + b"}"


@edit
def two_cells_of_one_id(document):
    for cell in document["cells"]:
        cell["id"] = "same"
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["grade_id"] = "same"
    return document


@edit
def another_student(document):
    document["metadata"].update(authors=[{"name": "ada"}], student="ada", student_id="ada", user="ada")
    return document


@edit
def nested_operators(document):
    document["cells"].append({"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
                              "source": "deep = " + "-" * 1500 + "1", "id": "deep"})  # fmt: skip
    if document.get("nbformat_minor", 0) < 5:
        del document["cells"][-1]["id"]
    return document
