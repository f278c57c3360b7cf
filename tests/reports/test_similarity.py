"""Which notebooks are alike, and what is no likeness: given code, common code, names."""

import json
import random
import re

import pytest

from autograder.reports.handed_in import MAX_CODE, read_class, read_released
from autograder.reports.similarity import GRAM, MOST_PAIRS, WINDOW, similar, tokens

WORDS = "alpha beta gamma delta rho sigma tau phi chi psi".split()


def prose(seed, lines=30):
    """Code that nobody else writes: arithmetic in a random order."""
    rng = random.Random(seed)
    return "\n".join(line(rng) for _ in range(lines))


def line(rng):
    left, first, name, second = rng.choices(WORDS, k=4)
    one, two = rng.choices("+-*/@", k=2)
    return f"{left} = {first}{one}{rng.randint(1, 99)}{two}np.{name}({second}[{rng.randint(0, 9)}])"


def renamed(text, old, new):
    """A variable by another name; what follows a dot is no variable."""
    return re.sub(rf"(?<![.\w]){old}\b", new, text)


def a_class(n=12, **others):
    return {f"s{i:02}": prose(i) for i in range(n)} | others


def test_notebooks_that_have_nothing_in_common_make_no_pair():
    found = similar(a_class(), "")
    assert (found.compared, found.all_pairs, found.above, found.pairs) == (12, 66, 0, ())


def test_a_copy_is_found_though_names_comments_spaces_and_texts_differ():
    mine = 'def f(x):\n    """Mine."""\n' + prose("copied")
    theirs = renamed(mine.replace("Mine", "My own work"), "alpha", "value").replace(" = ", "  =  ")
    theirs = "\n\n".join(f"{line}  # {i}" for i, line in enumerate(theirs.split("\n")))
    found = similar(a_class(ada=mine, bob=theirs), "def f(x):")
    (pair,) = found.pairs
    assert (pair.first, pair.second, pair.share) == ("ada", "bob", 1.0)
    assert pair.lines == 30 + 2  # all of them: each token of each line is in a run that both have
    assert found.above == 1
    assert found.median == 0.0


def test_a_part_that_was_copied_is_shown_as_each_wrote_it():
    """Half of ada's thirty lines are bob's: of her prints about half, of his, who has fewer, nearly all."""
    part = prose("copied", 15)
    (pair,) = similar(a_class(ada=f"{part}\n{prose('own')}", bob=renamed(part, "rho", "r")), "").pairs
    assert pair.share > 0.9
    assert part.startswith("\n".join(pair.first_lines))
    assert [renamed(line, "rho", "r") for line in pair.first_lines] == list(pair.second_lines)
    assert len(pair.first_lines) == 12


def test_what_was_given_is_nobodys():
    given = prose("given")
    texts = {student: f"{given}\n{own}" for student, own in a_class(4).items()}
    assert similar(texts, given).above == 0
    assert similar({"a": given, "b": given}, given).compared == 0


def test_what_more_than_half_of_the_class_wrote_counts_nothing():
    """A function with one right form: seven of twelve write it, and are not alike for that."""
    common = prose("common")
    texts = a_class()
    seven = texts | {s: f"{common}\n{texts[s]}" for s in list(texts)[:7]}
    assert similar(seven, "").above == 0
    three = texts | {s: f"{common}\n{prose(s, 5)}" for s in list(texts)[:3]}
    assert sorted((p.first, p.second) for p in similar(three, "").pairs) == [
        ("s00", "s01"),
        ("s00", "s02"),
        ("s01", "s02"),
    ]


def test_a_few_equal_lines_alone_are_no_likeness():
    short = "\n".join(prose("short").split("\n")[:2])
    assert similar(a_class(ada=short, bob=short), "").above == 0


def test_a_run_of_seventeen_equal_tokens_always_leaves_a_common_print():
    from autograder.reports.similarity import _print

    rng = random.Random(5)
    for _ in range(200):
        run = " ".join(rng.choice("+-*/@%<>=|&^") for _ in range(GRAM + WINDOW - 1))
        texts = [f"{' '.join(rng.choices('()[]:;,~', k=rng.randint(6, 40)))} {run} {'{' * 9}" for _ in range(2)]
        one, other = (set(_print(t, frozenset()).kept.tolist()) for t in texts)
        assert one & other


def test_the_same_class_gives_the_same_pairs_and_no_more_than_twenty():
    ring = {f"r{i}": prose("ring") for i in range(8)}  # 28 pairs
    found = similar(a_class(30) | ring, "")
    assert (found.above, len(found.pairs)) == (28, MOST_PAIRS)
    assert found == similar(dict(reversed(list((a_class(30) | ring).items()))), "")


@pytest.mark.parametrize(
    "text", ["", "'", '"""', "\\'" * 50_000, "'''\\" * 20_000, "[" * 50_000, "\ud800", "\0" * 99, "f'{" * 9_999]
)
def test_any_text_can_be_compared(text):
    assert similar({"a": text, "b": text, "c": prose(1)}, text).above in {0, 1}


def test_tokens_are_those_of_the_language():
    text = 'def f(x):\n  """doc\n  """\n  y = np.exp(x[:, 1e3])  # c\n%time "open'
    known = {"def", "f", "np"}
    assert [t for t, _ in tokens(text, known)] == "def f ( v ) : s v = np .exp ( v [ : , 1e3 ] ) % v s".split()
    assert [line for t, line in tokens(text, known) if t in {"def", "s", ".exp", "%"}] == [0, 1, 3, 4, 4]


# --- what is read of the notebooks ------------------------------------------------------------------------------------


def released(course, cells):
    folder = course.assignments / "a9_test"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a9_test.ipynb").write_text(json.dumps({"cells": cells}))


def notebook(*cells):
    made = [{"cell_type": kind, "source": source, "metadata": {}, "id": i} for kind, i, source in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


def test_only_own_cells_are_compared_and_what_cannot_be_read_is_said(course, hand_in):
    by_hand = {"nbgrader": {"grade": True, "grade_id": "explain"}}
    released(
        course,
        [
            {"cell_type": "code", "source": ["import numpy\n", "x = 1"], "metadata": {}},
            {"cell_type": "markdown", "source": "YOUR ANSWER", "metadata": by_hand},
        ],
    )
    hand_in(
        "ada", notebook(("code", "a", "import numpy\nx = 1 "), ("code", "b", "mine"), ("markdown", "explain", "So."))
    )
    hand_in(
        "bob",
        notebook(
            ("code", "b", "y" * (MAX_CODE // 2)),
            ("code", "c", "z" * MAX_CODE),
            ("markdown", "explain", "YOUR ANSWER HERE\n"),
        ),
    )
    hand_in("cy", "no notebook")
    hand_in("dan", notebook(("code", "a", "not in the results")))
    was_released = read_released(course, "a9_test")
    found = read_class(course, was_released, hand_in.root, "a9_test", ["ada", "bob", "cy"])
    assert found.code["ada"] == "mine"
    assert len(found.code["bob"]) == MAX_CODE
    assert (found.skipped, found.cut) == (("cy",), ("bob",))
    assert {s: a.where for s, (a,) in found.answers.items()} == {"ada": "cell", "bob": "nowhere"}
    assert set(found.code) == {"ada", "bob"}
    assert read_class(course, was_released, hand_in.root / "nowhere", "a9_test", ["ada"]) is None


def test_a_page_of_the_class_shows_pairs_and_a_students_page_never(course, hand_in, tmp_path):
    from result_builders import record

    from autograder.reports.pages import write_reports

    for i in range(5):
        hand_in(f"s{i}", notebook(("code", "a", prose(i))))
    for name in ("ada", "bob"):
        hand_in(name, notebook(("code", "a", prose("copied") + "\ntau = '<img src=x onerror=alert(1)>'")))
    results = [record(s, "a9_test", sandbox={"tier": "A"}) for s in ("ada", "bob", *(f"s{i}" for i in range(5)))]
    write_reports(course, results, tmp_path / "out", submitted=hand_in.root)
    page = (tmp_path / "out" / "assignment-a9_test.html").read_text()
    assert re.search(r"<b>100 %</b> <span>ada and bob</span>", page)
    assert "1 of 21 pairs among 7 notebooks (4.8 %)" in page
    assert "<img" not in page
    students = "".join(p.read_text() for p in (tmp_path / "out" / "a9_test").iterdir()).lower()
    assert "similar" not in students
    assert "alike" not in students
    write_reports(course, results, tmp_path / "out", submitted=tmp_path / "nowhere")
    assert "Not compared: there is no folder" in (tmp_path / "out" / "assignment-a9_test.html").read_text()
