"""An answer in words is found wherever an editor or a student has put it, and never taken for nothing."""

import json
from dataclasses import dataclass, replace

import pytest

from autograder.intake.answers import find_answers, is_empty
from autograder.intake.reader import read_notebook

STUB = "YOUR ANSWER HERE"
QUESTION = (
    "## In your own words (10 points)\n\nA climber on a summit and one on a plateau feel the same under their feet.\n"
    "Explain why that is so, and what the two could measure to tell which of them is where."
)
WORDS = "The slope is zero at both; the *curvature* differs."


@dataclass(frozen=True)
class Released:
    name: str
    kind: str
    source: str
    role: str = ""


RELEASED = (
    Released("text", "markdown", "# The course"),
    Released("q1-text", "markdown", "## Question 1"),
    Released("q1-solution", "code", "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"),
    Released("q1-otter", "code", 'grader.check("q1")'),
    Released("explain-text", "markdown", QUESTION),
    Released("explain", "markdown", STUB, "manual"),
    Released(
        "b1-text", "markdown", "## Bonus 1: a step that pays\n\nTry a long step, and if it does not pay halve it."
    ),
    Released("b1-solution", "code", "def g(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"),
)
ANSWER, BELOW = 5, 6


@pytest.fixture
def notebook(tmp_path):
    """notebook(cells) reads them from a file, as the grader does."""

    def read(cells, **fields):
        path = tmp_path / "a1.ipynb"
        path.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": cells} | fields))
        return read_notebook(path).cells

    return read


@pytest.fixture
def answer_in(notebook):
    """answer_in(cells): where the one answer is, and its sources."""

    def find(cells, released=RELEASED):
        (answer,) = find_answers(notebook(cells), released)
        return answer.where, tuple(cell.source for cell in answer.cells)

    return find


def cell(kind, source, identity=None, **fields):
    identified = {} if identity is None else {"id": identity}
    return {"cell_type": kind, "source": source, "metadata": {}} | identified | fields


def filled(words=WORDS, ids=True):
    """The released notebook, answered in its place."""
    cells = [cell(c.kind, c.source, c.name if ids else None) for c in RELEASED]
    cells[2]["source"] = "def f(x):\n    return x"
    cells[ANSWER]["source"] = words
    return cells


def without(cells, *places):
    return [c for i, c in enumerate(cells) if i not in places]


def test_an_answer_in_its_own_cell(answer_in):
    assert answer_in(filled()) == ("cell", (WORDS,))


def test_ids_in_metadata_as_colab_keeps_them_and_nbgraders_are_ids(answer_in):
    for metadata in ({"id": "explain"}, {"nbgrader": {"grade_id": "explain"}}, {"id": "x", "nbgrader": "odd"}):
        cells = filled(ids=False)
        cells[ANSWER]["metadata"] = metadata
        assert answer_in(cells) == ("cell", (WORDS,))
    moved = cells[ANSWER] | {"metadata": {"id": "explain"}}
    assert answer_in([moved, *without(cells, ANSWER)]) == ("cell", (WORDS,))


def test_without_any_id_the_place_below_the_question_decides(answer_in):
    assert answer_in(filled(ids=False)) == ("cell", (WORDS,))
    spaced = filled(ids=False)
    spaced[4]["source"] = QUESTION.replace("\n", "  \n").replace("**", "") + "\n"
    assert answer_in(spaced) == ("cell", (WORDS,))


def test_a_question_whose_text_was_edited_a_little_is_still_the_place(answer_in):
    cells = filled(ids=False)
    cells[4]["source"] = QUESTION.replace("A climber", "A (lone) climber")
    where, parts = answer_in(cells)
    assert (where, parts[-1]) == ("changed", WORDS)


@pytest.mark.parametrize("kind", ["code", "raw", "heading"])
def test_a_cell_that_became_another_kind_is_shown_with_its_text(answer_in, kind):
    for ids in (True, False):
        cells = filled(ids=ids)
        cells[ANSWER]["cell_type"] = kind
        assert answer_in(cells) == ("changed", (WORDS,))


@pytest.mark.parametrize("source", [f"# {WORDS}", f'"""\n{WORDS}\n"""', f"answer = {WORDS!r}"])
def test_an_answer_in_a_code_cell_below_is_shown(answer_in, source):
    cells = filled(STUB)
    assert answer_in([*cells[:BELOW], cell("code", source, "new"), *cells[BELOW:]]) == ("changed", (source,))
    assert answer_in([*cells[:ANSWER], cell("code", source, "new"), *cells[BELOW:]]) == ("changed", (source,))


def test_a_cell_that_was_split_or_copied_is_shown_whole(answer_in):
    split = filled("First half.")
    assert answer_in([*split[:BELOW], cell("markdown", "Second half.", "new"), *split[BELOW:]]) == (
        "changed",
        ("First half.", "Second half."),
    )
    copied = filled(STUB)
    copy = cell("markdown", WORDS, "explain")
    assert answer_in([*copied[:BELOW], copy, *copied[BELOW:]]) == ("cell", (WORDS,))
    assert answer_in([*filled("One."), cell("markdown", "Two.", "explain")]) == ("changed", ("One.", "Two."))


def test_a_cell_that_was_moved_is_found_by_its_id_and_with_it_what_stands_in_its_place(answer_in):
    cells = filled()
    assert answer_in([*without(cells, ANSWER), cells[ANSWER]]) == ("cell", (WORDS,))
    moved = [*cells[:ANSWER], cell("markdown", "And more.", "new"), *cells[BELOW:], cells[ANSWER]]
    assert answer_in(moved) == ("changed", ("And more.", WORDS))


def test_the_answers_id_on_another_cell_hides_nothing(answer_in):
    cells = filled()
    cells[ANSWER]["id"], cells[0]["id"] = "x", "explain"
    assert answer_in(cells) == ("cell", (WORDS,))
    cells[2]["id"] = "explain"
    assert WORDS in answer_in(cells)[1]


def test_an_answer_in_the_questions_own_cell_is_shown_without_the_question(answer_in):
    for ids in (True, False):
        cells = filled(STUB, ids=ids)
        cells[4]["source"] = f"{QUESTION}\n\n{WORDS}"
        assert answer_in(cells) == ("changed", (WORDS,))
        assert answer_in(without(cells, ANSWER)) == ("changed", (WORDS,))


def test_an_answer_written_elsewhere_is_offered_where_nothing_stands_below_the_question(answer_in):
    for cells in (filled(STUB), without(filled(), ANSWER), without(filled(ids=False), ANSWER)):
        assert answer_in([*cells, cell("markdown", WORDS, "new")]) == ("elsewhere", (WORDS,))
        assert answer_in([*cells, cell("code", f"# {WORDS}", "new")]) == ("elsewhere", (f"# {WORDS}",))
    cells = filled(STUB)
    cells[6]["source"] += f"\n\n{WORDS}"
    assert answer_in(cells) == ("elsewhere", (WORDS,))


@pytest.mark.parametrize("words", ["", "  \n\t\n", STUB, f"**{STUB.lower()}**\n", f"\n{STUB} \n", "\u00a0"])
def test_an_empty_answer_is_nowhere(answer_in, words):
    assert answer_in(filled(words)) == ("nowhere", ())
    assert answer_in(without(filled(words), ANSWER)) == ("nowhere", ())


@pytest.mark.parametrize("words", ["$$\\alpha$$", "→ ∞", "<b>x</b>", f"{STUB}: no.", "0", "![](attachment:a.png)"])
def test_a_short_or_odd_answer_is_one(answer_in, words):
    assert answer_in(filled(words)) == ("cell", (words,))


def test_a_picture_alone_is_an_answer(notebook):
    cells = filled("")
    cells[ANSWER]["attachments"] = {"drawn.png": {"image/png": "AAAA"}}
    (answer,) = find_answers(notebook(cells), RELEASED)
    assert (answer.where, answer.cells[0].pictures) == ("cell", ("drawn.png",))


def test_a_picture_that_colab_put_into_the_text_does_not_refuse_the_notebook(answer_in):
    where, (text,) = answer_in(filled(f"{WORDS}\n![](data:image/png;base64,{'A' * 300_000})"))
    assert where == "cell"
    assert text.startswith(WORDS)


def test_a_translated_notebook_is_read_by_its_ids_or_by_the_code_around(answer_in):
    for ids in (True, False):
        cells = filled(ids=ids)
        for place, words in {0: "# Der Kurs", 1: "## Frage 1", 4: "## In eigenen Worten", 6: "## Bonus 1"}.items():
            cells[place]["source"] = words
        where, parts = answer_in(cells)
        assert where == "changed"
        assert WORDS in parts


def test_reordered_cells_and_scratch_cells_lose_nothing(answer_in):
    cells = filled()
    assert answer_in(cells[::-1]) == ("cell", (WORDS,))
    where, parts = answer_in([*cells[:ANSWER], cell("code", "1 + 1", "s"), *cells[ANSWER:], cell("code", "2 + 2", "t")])
    assert (where, parts) == ("changed", ("1 + 1", WORDS))


def test_two_questions_in_words_keep_apart(notebook):
    released = (
        *RELEASED,
        Released("why-text", "markdown", "## Why is the number of these words eight, or more than that?"),
        Released("why", "markdown", STUB, "manual"),
    )
    cells = [*filled(ids=False), cell("markdown", released[-2].source), cell("markdown", "So.")]
    assert [(a.name, [c.source for c in a.cells]) for a in find_answers(notebook(cells), released)] == [
        ("explain", [WORDS]),
        ("why", ["So."]),
    ]
    assert find_answers(notebook(cells), tuple(replace(c, role="") for c in released)) == ()


def test_an_unrelated_notebook_offers_its_text(answer_in):
    assert answer_in([cell("markdown", "Hello."), cell("code", "x = 1")]) == ("elsewhere", ("Hello.",))
    (answer,) = find_answers((), RELEASED)
    assert (answer.where, answer.note) == ("nowhere", "nothing is written")


@pytest.mark.parametrize("odd", [None, 7, [], {"id": None}, {"id": ["explain"]}, {"nbgrader": []}, {"id": "x" * 201}])
def test_odd_metadata_is_no_id(notebook, odd):
    (read,) = notebook([cell("markdown", WORDS) | {"metadata": odd, "attachments": odd}])
    assert read.names == ()


def test_the_placeholder_is_known_in_any_dress():
    assert is_empty("<!-- -->") is False
    assert is_empty('> *"your answer here"*')
