"""The hints of assignment.toml stand folded in the notebook, each inside the one before."""

import shutil
from xml.etree import ElementTree as ET

import pytest

from autograder.assignment.assignment import load_assignment
from autograder.assignment.hint_cells import folded, with_hints
from autograder.assignment.settings import Question
from autograder.assignment.source import SourceCell
from autograder.errors import LeakError
from autograder.release.leaks import require_no_leak

THREE = ("Square first.", "Then `np.mean`.", "(3, 4): 9 and 16, so 12.5.")


def opened(hints):
    """What a reader of HTML sees: (the summary, the text) of each hint, from the outer one to the inner one."""
    levels, node = [], ET.fromstring(folded(hints))
    while node is not None:
        summary, text = node.find("summary"), node.find("p")
        levels.append(("".join(summary.itertext()), "".join(text.itertext())))
        node = node.find("details")
    return levels


def test_each_hint_is_folded_inside_the_one_before():
    assert opened(THREE) == [
        ("Stuck? Hint 1 of 3. Opening it costs nothing, and nobody is told.", "Square first."),
        ("Still stuck? Hint 2 of 3", "Then np.mean."),
        ("Still stuck? Hint 3 of 3", "(3, 4): 9 and 16, so 12.5."),
    ]
    assert " open" not in folded(THREE).replace("Opening", "")


@pytest.mark.parametrize(
    "hint", ["a_1 * b_2 * c", "[x](y)", "$z$ and \\(w\\)", "1 < 2 & 3 > 2", "</details>", "~~no~~"]
)
def test_a_hint_is_plain_text_whatever_signs_it_has(hint):
    assert opened([hint])[0][1] == hint
    assert not set(folded([hint]).partition("<p>")[2].partition("</p>")[0]) & set("$\\*_[]~<>")


def test_a_hint_of_several_lines_stays_one_block_of_html():
    """A blank line would end it for a reader of Markdown."""
    assert "\n\n" not in folded(["One.\n\nTwo."])
    assert opened(["One.\n\nTwo."])[0][1] == "One. Two."


def test_the_hints_come_last_in_their_question():
    cells = [SourceCell(n, "code", "", "", n[:2]) for n in ("q1-a", "q1-b", "q2-a", "xx")]
    questions = [
        Question(id="q1", title="", points=1, hints=THREE),
        Question(id="q2", title="", points=1),
        Question(id="q3", title="", points=1, hints=THREE),
    ]
    assert [c.name for c in with_hints(cells, questions)] == ["q1-a", "q1-b", "q1-hints", "q2-a", "xx"]


@pytest.fixture
def hinting(skeleton, tmp_path):
    """hinting(hint, more=…): the skeleton with that hint for q1, and more settings."""

    def load(hint, more=""):
        folder = tmp_path / "a9_test"
        shutil.copytree(skeleton.folder, folder, dirs_exist_ok=True)
        text = (skeleton.folder / "assignment.toml").read_text()
        lines = [line for line in text.splitlines() if not line.startswith("hints")]
        text = "\n".join(lines).replace("points = 10\n", f"points = 10\nhints = ['{hint}']\n")
        (folder / "assignment.toml").write_text(f"{more}\n{text}")
        return load_assignment(folder)

    return load


def files_of(assignment):
    return {f"{assignment.name}.ipynb": b'{"cells": []}'}


def test_a_line_of_the_solution_in_a_hint_stops_the_release(hinting):
    assignment = hinting("Write `return np.mean( np.square(x))` there.")
    with pytest.raises(LeakError, match="a9_test, q1, hint 1: expected no line of a solution") as refused:
        require_no_leak(assignment, files_of(assignment))
    assert "\n" not in str(refused.value)


def test_a_hint_that_only_the_page_shows_may_say_more(hinting):
    assignment = hinting("Write `return np.mean(np.square(x))` there.", "hints_in_notebook = false")
    require_no_leak(assignment, files_of(assignment))
    assert not [cell for cell in assignment.cells if cell.role == "hints"]


def test_a_hint_makes_no_line_of_the_solution_public(hinting):
    """The author's text is public, so a line in it is no leak; a hint is not part of it."""
    assignment = hinting("return np.mean(np.square(x))", "hints_in_notebook = true")
    notebook = b'{"cells": [{"cell_type": "code", "source": "return np.mean(np.square(x))"}]}'
    with pytest.raises(LeakError, match="expected no line of a solution"):
        require_no_leak(assignment, {"a9_test.ipynb": notebook})
